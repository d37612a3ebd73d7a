"""The seeded rules, their words and their badges (domain.md section 3)."""

import json
import re
from collections import Counter

import pytest
from django.utils.translation import override

from cards.choices import Confidence
from lifecycle.choices import AlertKind
from lifecycle.rules import texts
from lifecycle.rules.defaults import DEFAULTS
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.kinds import KINDS
from tests.rules.table import NOW, TABLE
from tests.rules.terms import BY_KIND

DOMAIN_KINDS = {
    *("daily_out_calls", "hourly_out_calls", "burst", "min_gap", "daily_minutes", "bundle_minutes", "holiday"),
    *("distinct_callees", "callee_repeat", "callee_repeat_30d", "short_call_ratio", "connect_rate", "empty_number"),
    *("call_window", "imei_change", "sim_swap", "region", "new_card_cap", "idle_days", "activation_days", "min_spend"),
    *("validity", "low_balance", "credit_limit", "late_fee", "fee_spike", "contract_term", "real_name", "dnc"),
    *("id_card_count", "id_card_total", "user_match", "outside_use", "purpose_match", "reported_rate", "complaints"),
    *("marked", "reverify_due", "consent", "industry_ban", "hoarding", "pin_tries", "puk_tries"),
    *("direction_use", "card_hours", "long_distance", "industry_match"),
}
# Of other groups than an agent no figure is established, so that no default is shipped.
GROUPS = ("agent", "team", "campaign", "entity")
GROUP_KINDS = {f"{per}_{measure}" for per in GROUPS for measure in ("out_calls", "hour_calls", "minutes")}

# What the issue of rules adds for the risk: how a card usually calls, how often it was stopped.
OF_HISTORY = {"usual_calls", "usual_hour", "stop_history"}


def test_every_kind_of_the_domain_is_registered_and_seeded() -> None:
    """R2, R1: rules as data; every kind has a default, of the groups the agent's."""
    assert set(KINDS) == DOMAIN_KINDS | GROUP_KINDS | OF_HISTORY
    of_agents = {kind for kind in GROUP_KINDS if kind.startswith("agent_")}
    assert {default.kind for default in DEFAULTS} == DOMAIN_KINDS | of_agents | OF_HISTORY


def test_a_kind_is_seeded_once_for_each_industry() -> None:
    """R101: industries have rules of their own."""
    assert set(Counter((default.kind, default.industry) for default in DEFAULTS).values()) == {1}


@pytest.mark.parametrize("default", DEFAULTS, ids=lambda default: f"{default.kind}-{default.industry}")
def test_a_default_says_where_it_comes_from(default) -> None:
    """What no law states is illustrative and must carry the badge."""
    assert default.source
    assert default.consequence
    assert default.is_illustrative is (default.confidence != Confidence.LAW)
    json.dumps(default.params)


@pytest.mark.parametrize(("kind", "known"), [(kind, known) for kind, known, stage in TABLE if stage])
def test_every_finding_can_be_said_and_stored(kind: str, known: dict[str, object]) -> None:
    found = KINDS[kind].check(CardFacts(**({"now": NOW} | known)), BY_KIND[kind])
    stored = json.loads(json.dumps(dict(found.params)))
    with override("en"):
        sentence = texts.render(found.code, stored)
        assert texts.advise(found.advice)
    assert "%(" not in sentence
    assert "None" not in sentence
    assert "–" not in sentence
    assert "—" not in sentence


@pytest.mark.parametrize("code", texts.SENTENCES)
def test_what_was_stored_before_a_sentence_grew_can_be_read(code: str) -> None:
    """A page of old alerts does not break on a word they never held."""
    assert "%(" not in texts.render(code, {})


def test_every_sentence_belongs_to_a_kind() -> None:
    extra = {"real_name_unchecked", "low_balance_cny", "low_balance_spent", "idle_days_recycle", "user_match_person"}
    assert set(texts.FINDINGS) == set(KINDS) | extra


@pytest.mark.parametrize("kind", AlertKind)
def test_every_alert_has_a_sentence(kind: AlertKind) -> None:
    """A risk alert speaks with its heaviest finding, an idle one with the idle rule's, a sign with what it means."""
    borrowed = {
        AlertKind.SUSPENSION_RISK: "daily_out_calls",
        AlertKind.IDLE: "idle_days",
        AlertKind.APPROVAL: "industry_ban",
        AlertKind.REVERIFICATION: "reverify_due",
        AlertKind.CARRIER_SIGNAL: "carrier_stopped",
        AlertKind.LEAVER: "leaver_holds",
    }
    assert borrowed.get(kind, kind) in texts.SENTENCES


def test_every_advice_is_given_by_some_rule() -> None:
    said = set()
    for kind, known, stage in TABLE:
        if stage:
            said.add(KINDS[kind].check(CardFacts(**({"now": NOW} | known)), BY_KIND[kind]).advice)
    assert said == set(texts.ADVICE)


def test_no_sentence_carries_a_bare_per_cent_sign() -> None:
    for sentence in texts.FINDINGS.values():
        with override("en"):
            assert not re.search(r"%(?![%(])", str(sentence).replace("%%", ""))

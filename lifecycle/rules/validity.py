"""Rules about time: validity, idleness, activation, contract, hoarding (R15, R66, R94, R100, R102, R103, R109)."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import day_start
from cardfleet.kernel.money import ZERO, to_fen
from cards.choices import ServiceState
from cards.rules.carrier_terms import months_left
from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding, Said, ceiling, finding
from lifecycle.rules.registry import BOOKKEEPING, rule_kind

IDLE_DAYS = 30


@rule_kind("validity", label=_("Validity of the card"), unit="days", facts=("expires_on", "activated_on"))
def validity(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R15: days of validity used; an expiry on record counts back from its limit."""
    if rule.limit is None:
        return None
    limit = timedelta(days=int(rule.limit))
    if facts.expires_on is not None:
        ends_on = facts.expires_on
    elif facts.activated_on is not None:
        ends_on = facts.activated_on + limit
    else:
        return None
    used = int(rule.limit) - (ends_on - facts.today).days
    said = Said(
        advice="renew_or_cancel",
        params={"ends_on": ends_on.isoformat(), "days_left": (ends_on - facts.today).days},
        limit_at=day_start(ends_on + timedelta(days=1)),
        days_left=(ends_on - facts.today).days,
    )
    return ceiling(rule, used, said)


@rule_kind(
    "idle_days",
    label=_("Days without call and without top-up"),
    unit="days",
    facts=("last_call_on", "last_topup_on", "activated_on", "known_since", "recycle_after_days"),
)
def idle_days(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R100, R102, R109: a silent number is verified again or recycled. A person decides: use it or give it up."""
    last = _last_used(facts)
    if last is None or facts.service_state == ServiceState.PENDING:
        return None
    params = {"last": last.isoformat()}
    if facts.recycle_after_days is None:
        return ceiling(rule, (facts.today - last).days, Said(advice="use_or_release", params=params))
    recycled_on = last + timedelta(days=facts.recycle_after_days)
    said = Said(
        advice="use_or_release",
        params={**params, "recycled_on": recycled_on.isoformat()},
        limit_at=day_start(recycled_on),
        code="idle_days_recycle",
    )
    return ceiling(rule, (facts.today - last).days, said)


def _last_used(facts: CardFacts) -> date | None:
    """Return the later of last call and last top-up; of a card never seen in use, since when we could have seen it."""
    used = [day for day in (facts.last_call_on, facts.last_topup_on) if day]
    if used or facts.activated_on is None:
        return max(used, default=None)
    return max(facts.activated_on, facts.known_since or facts.activated_on)


@rule_kind("activation_days", label=_("Days until activation"), unit="days", facts=("service_state", "received_on"))
def activation_days(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """A card bought online and not activated in time is taken back (华翔联信: 30 days)."""
    if facts.service_state != ServiceState.PENDING or facts.received_on is None:
        return None
    ends_at = day_start(facts.received_on + timedelta(days=int(rule.limit))) if rule.limit is not None else None
    said = Said(advice="activate", params={"received_on": facts.received_on.isoformat()}, limit_at=ends_at)
    return ceiling(rule, (facts.today - facts.received_on).days, said)


@rule_kind(
    "contract_term",
    label=_("Contract term"),
    unit="months",
    facts=("is_cancelling", "contract_ends_on", "penalty"),
    weight=BOOKKEEPING,
    blocks=("cancel",),
)
def contract_term(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R103: giving a card up within the term costs the penalty, which somebody must accept first."""
    left = months_left(facts.contract_ends_on, facts.today)
    if not facts.is_cancelling or not left or facts.contract_ends_on is None:
        return None
    params = {"ends_on": facts.contract_ends_on.isoformat(), "penalty": str(to_fen(facts.penalty or ZERO))}
    return finding(rule, Decimal(left), Said(advice="accept_penalty", params=params), reached=True)


@rule_kind(
    "hoarding",
    label=_("Share of idle cards in service"),
    unit="%",
    facts=("idle_share", "last_call_on"),
    weight=BOOKKEEPING,
)
def hoarding(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R95; 2021 notice of MIIT and MPS: hoarding cards is to stop. The share is the legal entity's; a card that is in
    use says nothing of it.
    """
    last = _last_used(facts)
    if last is not None and facts.today - last < timedelta(days=int(rule.params.get("idle_days", IDLE_DAYS))):
        return None
    return ceiling(rule, facts.idle_share, Said(advice="release_spares"))

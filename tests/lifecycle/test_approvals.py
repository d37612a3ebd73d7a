"""What a rule lets through only after somebody approved it, and the other effects of a rule's action."""

from datetime import timedelta

import pytest

from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput
from cards.models import CarrierRule
from lifecycle.models import Alert, Finding, RiskAssessment
from lifecycle.selectors.blocking import blocking_sentences
from lifecycle.services.approvals import decide_approval
from lifecycle.services.assessment import assess_suspension_risk
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def card(db):
    return CardFactory(industry="贷款")


def waiting():
    return Alert.objects.open().filter(kind="approval")


def test_an_approval_opens_the_gate_and_settles_the_alert(card, now):
    """R12, R101: a restricted industry waits for a decision, which is noted; a later version asks anew."""
    rule, someone = CarrierRule.objects.get(kind="industry_ban"), PersonFactory()
    assess_suspension_risk(now=now)
    assert waiting().get().card == card
    assert blocking_sentences(card, now=now)
    decided = {"card_id": card.pk, "rule_id": rule.pk, "actor": someone, "now": now}
    decide_approval(is_granted=False, note="no answer yet", **decided)
    assert not waiting().exists()
    assert blocking_sentences(card, now=now)
    decide_approval(is_granted=True, note="letter of 19 November", until=business_day(now), **decided)
    assert not blocking_sentences(card, now=now)
    assert not waiting().exists()
    assert Entry.objects.filter(action="lifecycle.approval_decided").count() == 2
    tomorrow = now + timedelta(days=1)
    assess_suspension_risk(now=tomorrow)
    assert waiting().exists()
    assert blocking_sentences(card, now=tomorrow)


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("industry_ban", {"note": " "}, "note_missing"),
        ("industry_ban", {"note": "x", "until": -1}, "until_in_the_past"),
        ("daily_out_calls", {"note": "x"}, "no_approval_asked"),
    ],
)
def test_a_decision_without_ground_is_refused(card, now, kind, given, code):
    rule = CarrierRule.objects.get(kind=kind)
    if "until" in given:
        given = given | {"until": business_day(now) + timedelta(days=given["until"])}
    with pytest.raises(BadInput) as refused:
        decide_approval(card_id=card.pk, rule_id=rule.pk, is_granted=True, actor=PersonFactory(), now=now, **given)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_a_rule_that_only_records_scores_nothing(now):
    """R37: the finding is kept, and nobody is alarmed."""
    usage = UsageDailyFactory(calls=210)
    CarrierRule.objects.exclude(kind="daily_out_calls").delete()
    CarrierRule.objects.update(action="record")
    assess_suspension_risk(now=now)
    assert Finding.objects.filter(card=usage.card, kind="daily_out_calls").exists()
    assert RiskAssessment.objects.get(card=usage.card).score == 0
    assert not Alert.objects.exists()

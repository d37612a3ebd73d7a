"""The assessment of the fleet: scores, findings, alerts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from billing.models import UsageDaily
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from cards.choices import CustodyState, ServiceState, Severity, StopReason
from cards.models import CarrierRule
from lifecycle.choices import AlertKind, AlertState, RiskBand
from lifecycle.models import Alert, Finding, RiskAssessment, RiskDay
from lifecycle.rules.risk import QUIET_DAYS
from lifecycle.services.assessment import assess_suspension_risk
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, CarrierFactory, ContractFactory
from tests.factories.lifecycle import ComplaintFactory, UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def stored() -> tuple[list, ...]:
    """Return all that an assessment writes, but for when an alert was last seen."""
    alerts = [{name: value for name, value in row.items() if name != "last_seen_at"} for row in Alert.objects.values()]
    return (
        list(RiskAssessment.objects.order_by("pk").values()),
        list(RiskDay.objects.order_by("card", "day").values()),
        list(Finding.objects.order_by("pk").values()),
        alerts,
        Entry.objects.count(),
    )


def said() -> tuple[list, ...]:
    """Return what an assessment says, without when and under which id it was stored."""
    finding = ("card", "day", "kind", "rule", "severity", "value", "warn", "limit", "points", "limit_at", "code")
    risk = ("score", "band", "drivers", "advice", "limit_at", "calls_today", "call_limit")
    return (
        list(Finding.objects.order_by("card", "kind").values(*finding, "params", "advice")),
        list(RiskAssessment.objects.order_by("pk").values(*risk)),
        list(RiskDay.objects.order_by("card", "day").values()),
        list(Alert.objects.order_by("card", "kind").values("card", "kind", "severity", "state", "params", "evidence")),
    )


def test_a_card_at_its_cap_is_at_high_risk_says_why_and_opens_an_alert(now):
    """R37, R42: thresholds give pre-warnings, with the drivers in words."""
    card = UsageDailyFactory(calls=210).card
    outcome = assess_suspension_risk(now=now)
    risk = RiskAssessment.objects.get(card=card)
    assert (outcome.assessed, outcome.changed) == (1, 1)
    assert risk.band == RiskBand.HIGH
    assert sum(driver["points"] for driver in risk.drivers) == risk.score
    assert {driver["kind"] for driver in risk.drivers} >= {"daily_out_calls", "distinct_callees"}
    assert (risk.calls_today, risk.call_limit) == (210, 200)
    assert "stop_calling_today" in risk.advice
    alert = Alert.objects.get(card=card)
    assert (alert.kind, alert.state, alert.severity) == (AlertKind.SUSPENSION_RISK, AlertState.OPEN, Severity.HIGH)
    assert alert.evidence
    assert alert.rule.kind == alert.code


def test_a_finding_keeps_the_rule_version_and_the_evidence(now):
    """R2, R37: what was found is explained by the version it was found by (invariant 9)."""
    card = UsageDailyFactory(calls=170).card
    assess_suspension_risk(now=now)
    finding = Finding.objects.get(card=card, kind="daily_out_calls")
    assert finding.rule == CarrierRule.objects.get(kind="daily_out_calls")
    assert (finding.value, finding.warn, finding.limit, finding.day) == (170, 160, 200, business_day(now))


def test_a_quiet_card_has_a_low_score_and_no_alert(now):
    """R10: every card is looked at every day."""
    card = UsageDailyFactory(calls=20).card
    assess_suspension_risk(now=now)
    assert RiskAssessment.objects.get(card=card).score == 0
    assert not Alert.objects.exists()


def test_a_card_that_reaches_its_cap_within_the_day_is_told_before(now):
    """R42: the alert comes before the limit, with when it will be reached."""
    card = UsageDailyFactory(calls=190, distinct_callees=60).card
    assess_suspension_risk(now=now)
    alert = Alert.objects.get(card=card)
    assert alert.severity == Severity.WARN
    assert now < alert.due_at < now + timedelta(hours=6)


def test_a_second_run_writes_nothing(now):
    UsageDailyFactory(calls=210)
    hand_over(CardFactory(), AgentFactory())
    assess_suspension_risk(now=now)
    before = stored()
    again = assess_suspension_risk(now=now + timedelta(minutes=1))
    assert (again.changed, again.alerts.news) == (0, [])
    assert stored() == before


def test_an_assessment_refreshed_equals_one_made_anew(now):
    """R37: whatever stood before, the same facts give the same findings, scores and alerts."""
    for calls in (0, 150, 165, 210):
        UsageDailyFactory(calls=calls)
    ComplaintFactory()
    idle = now - timedelta(days=85)
    CardFactory(activated_on=business_day(idle), created_at=idle)
    assess_suspension_risk(now=now)
    UsageDaily.objects.update(calls=F("calls") + 20, distinct_callees=F("calls") + 20)
    assess_suspension_risk(now=now + timedelta(minutes=15))
    refreshed = said()
    for model in (Finding, RiskAssessment, RiskDay, Alert):
        model.objects.all().delete()
    assess_suspension_risk(now=now + timedelta(minutes=15))
    assert said() == refreshed
    assert all(refreshed)


def test_the_number_of_statements_does_not_grow_with_the_fleet(now):
    def statements(cards: int) -> int:
        for _number in range(cards):
            UsageDailyFactory(calls=210)
            stopped = CardFactory()
            hand_over(stopped, AgentFactory())
            stopped.service_state, stopped.stop_reason = ServiceState.FULL_STOP, StopReason.ARREARS
            stopped.save(update_fields=["service_state", "stop_reason"])
        with CaptureQueriesContext(connection) as captured:
            assess_suspension_risk(now=now)
        return len(captured)

    statements(1)
    assert statements(1) == statements(29)


def test_the_alert_closes_when_the_cause_is_gone_and_opens_again_when_it_is_back(now):
    """R42: closed by itself, re-opened as the same alert with its history."""
    usage = UsageDailyFactory(calls=210)
    assess_suspension_risk(now=now)
    tomorrow = now + timedelta(days=QUIET_DAYS)
    assert assess_suspension_risk(now=tomorrow).alerts.closed == 1
    UsageDailyFactory(card=usage.card, day=business_day(tomorrow), calls=220)
    assert assess_suspension_risk(now=tomorrow + timedelta(minutes=15)).alerts.returned == 1
    alert = Alert.objects.get(card=usage.card)
    assert (alert.state, alert.reopened, alert.first_seen_at) == (AlertState.OPEN, 1, now)


def test_what_was_found_in_the_morning_stays_the_evidence_of_the_day(now):
    card = CardFactory(is_marked=True)
    assess_suspension_risk(now=now)
    card.is_marked = False
    card.save(update_fields=["is_marked"])
    assess_suspension_risk(now=now + timedelta(hours=1))
    assert Finding.objects.filter(card=card, kind="marked").exists()
    assert RiskAssessment.objects.get(card=card).drivers == []


def test_a_stopped_card_in_somebodys_hands_is_an_alert_and_has_no_score(now):
    """R34: an agent who cannot call is told of at once."""
    card = UsageDailyFactory(calls=210).card
    assess_suspension_risk(now=now)
    hand_over(card, AgentFactory())
    card.service_state, card.stop_reason = ServiceState.FORCED_STOP, StopReason.COMPLAINT
    card.save(update_fields=["service_state", "stop_reason"])
    assess_suspension_risk(now=now + timedelta(minutes=15))
    assert not RiskAssessment.objects.filter(card=card).exists()
    open_kinds = set(Alert.objects.open().filter(card=card).values_list("kind", flat=True))
    assert open_kinds == {AlertKind.STOPPED}


def test_a_stopped_card_in_stock_is_nobodys_trouble(now):
    CardFactory(service_state=ServiceState.FULL_STOP, stop_reason=StopReason.ARREARS)
    assess_suspension_risk(now=now)
    assert not Alert.objects.exists()


def test_an_unused_card_is_an_alert_of_its_own_kind_and_no_second_one(now):
    """R100, R109, R16: neither call nor top-up for long; a person decides to use or to release it."""
    seen = now - timedelta(days=85)
    card = CardFactory(activated_on=business_day(seen), created_at=seen, custody_state=CustodyState.SPARE)
    assess_suspension_risk(now=now)
    alert = Alert.objects.get(card=card)
    assert (alert.kind, alert.params["value"]) == (AlertKind.IDLE, "85")
    assert RiskAssessment.objects.get(card=card).band == RiskBand.HIGH


def test_the_limit_agreed_in_the_contract_counts(now):
    """R2: the signed contract wins over every default."""
    carrier = CarrierFactory()
    contract = ContractFactory(carrier=carrier, daily_call_limit=50)
    card = UsageDailyFactory(card=CardFactory(carrier=carrier, contract=contract), calls=60).card
    assess_suspension_risk(now=now)
    risk = RiskAssessment.objects.get(card=card)
    assert risk.call_limit == 50
    assert risk.drivers[0]["illustrative"] is False


def test_some_cards_are_assessed_without_touching_the_others(now):
    """Alerts of other cards stay as they are."""
    one, other = UsageDailyFactory(calls=210).card, UsageDailyFactory(calls=210).card
    assess_suspension_risk(now=now)
    assess_suspension_risk(now=now + timedelta(days=QUIET_DAYS), card_ids=[one.pk])
    assert list(Alert.objects.open().values_list("card", flat=True)) == [other.pk]


def test_another_day_is_assessed_as_of_its_end(now):
    """A job may run late: `run_job assess_suspension_risk --on 2026-11-19`."""
    yesterday = business_day(now) - timedelta(days=1)
    card = UsageDailyFactory(calls=210, day=yesterday).card
    assess_suspension_risk(now=now, today=yesterday)
    assert RiskDay.objects.get(card=card).day == yesterday
    assert Alert.objects.get(card=card).first_seen_at == now


def test_a_change_of_band_is_in_the_cards_timeline(now):
    usage = UsageDailyFactory(calls=20)
    assess_suspension_risk(now=now)
    usage.calls = 210
    usage.save(update_fields=["calls"])
    assess_suspension_risk(now=now + timedelta(minutes=15))
    assert Entry.objects.filter(action="lifecycle.risk_changed", subject=f"cards.card:{usage.card_id}").count() == 1

"""Where carriers stop cards is learnt at night and told in the risk of the others (R37, R42)."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import SHANGHAI, business_day
from cards.choices import Axis, ChangeSource, ServiceState, StopReason
from cards.models import Card, CardChange
from lifecycle.models import Alert, RiskAssessment, RiskDay, StopsAt
from lifecycle.selectors.risk_groups import risk_groups
from lifecycle.services.assessment import assess_suspension_risk
from lifecycle.services.experience import learn_from_stops
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, CarrierFactory
from tests.factories.lifecycle import UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def strict(now):
    """A carrier that stopped four of its cards at 110 calls a day, while others called 60; one calls 100 today."""
    carrier, today = CarrierFactory(), business_day(now)
    for number in range(4):
        calm, stopped = CardFactory(carrier=carrier), CardFactory(carrier=carrier)
        for days in range(1, 11):
            UsageDailyFactory(card=calm, day=today - timedelta(days=days), calls=60)
        day = today - timedelta(days=number + 1)
        UsageDailyFactory(card=stopped, day=day, calls=110)
        CardChange.objects.create(
            card=stopped,
            axis=Axis.SERVICE,
            from_state=ServiceState.ACTIVE,
            to_state=ServiceState.FULL_STOP,
            reason=StopReason.ABNORMAL_USE,
            at=datetime.combine(day, time(18), SHANGHAI),
            recorded_at=now,
            source=ChangeSource.CARRIER_SMS,
        )
    card = CardFactory(carrier=carrier, team=TeamFactory())
    UsageDailyFactory(card=card, day=today, calls=100)
    return card


def test_a_limit_below_the_rules_is_learnt_and_warned_of(strict, now) -> None:
    """R37, R42: 100 calls are far from the rule's 200, and near to where this carrier stopped others."""
    assess_suspension_risk(now=now)
    assert RiskAssessment.objects.get(card=strict).score == 0
    assert learn_from_stops(today=business_day(now)) == {"learnt": 1, "stops": 4}
    assert learn_from_stops(today=business_day(now))["learnt"] == StopsAt.objects.count() == 1
    learnt = StopsAt.objects.get(kind="daily_out_calls", carrier=strict.carrier)
    assert 60 < learnt.value < 130
    assess_suspension_risk(now=now)
    risk = RiskAssessment.objects.get(card=strict)
    assert risk.score > 25
    assert risk.drivers[0]["stops_at"] == str(learnt.value)


def test_an_alert_stays_while_the_card_was_near_a_stop_of_late(now) -> None:
    """One matter, one alert: a quiet night does not close what the next day would open again."""
    card, today = CardFactory(), business_day(now)
    UsageDailyFactory(card=card, day=today, calls=205)
    assess_suspension_risk(now=now)
    alert = Alert.objects.get(card=card, kind="suspension_risk")
    assess_suspension_risk(now=now + timedelta(days=1))
    alert.refresh_from_db()
    assert alert.state == "open"
    RiskDay.objects.filter(day=today).update(score=0)
    RiskDay.objects.filter(day__gt=today).update(score=0)
    UsageDailyFactory._meta.model.objects.all().delete()
    assess_suspension_risk(now=now + timedelta(days=2))
    alert.refresh_from_db()
    assert alert.state == "closed"


def test_the_risk_of_teams_and_carriers(strict, now, django_assert_num_queries) -> None:
    """R42: one row a team or carrier, in two statements however many cards there are."""
    assess_suspension_risk(now=now)
    today = business_day(now)
    RiskDay.objects.create(card=strict, day=today - timedelta(days=7), score=30)
    with django_assert_num_queries(2):
        rows = risk_groups(Card.objects.all(), by="carrier", today=today)
    assert [(row.key, row.cards, row.high, row.before) for row in rows] == [(strict.carrier_id, 9, 0, 30)]
    assert {row.key for row in risk_groups(Card.objects.all(), by="team", today=today)} == set(
        Card.objects.values_list("team", flat=True)
    )


def test_pages_show_groups_trend_and_what_was_learnt(strict, now, client) -> None:
    """R42: the card page says where its carrier stops cards and how the risk went; the page of groups links on."""
    learn_from_stops(today=business_day(now))
    assess_suspension_risk(now=now)
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=strict.team))
    for by in ("team", "carrier"):
        page = client.get(reverse("lifecycle:risk-groups"), {"by": by})
        assert page.status_code == 200
        assert [row.cards for row in page.context["rows"]] == [1]
    page = client.get(reverse("lifecycle:card", args=[strict.pk]))
    assert page.status_code == 200
    assert page.context["trend"].rows == [[f"{business_day(now):%Y-%m-%d}", strict.risk.score]]
    assert str(StopsAt.objects.get().value) in page.content.decode()

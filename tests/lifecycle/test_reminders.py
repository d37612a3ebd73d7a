"""Reminders of what ends: each lead time once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.choices import AgentStatus
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.notify.models import InboxItem
from cards.choices import ServiceState, Severity
from lifecycle.choices import AlertKind, AlertState
from lifecycle.models import Alert, Reminder
from lifecycle.rules.texts import render
from lifecycle.services.lapses import watch_lapses
from lifecycle.services.reminders import remind_expiries
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, TrainingRecordFactory, hand_over
from tests.factories.cards import CardFactory, ContractFactory, RegistrantFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def sent() -> list[tuple[str, int]]:
    return list(Reminder.objects.order_by("pk").values_list("kind", "lead_days"))


def test_what_ends_within_sixty_days_is_reminded_of(now):
    """R15, R23, R73, R103: card validity, contract, real-name proof, training."""
    CardFactory(expires_on=in_days(30))
    CardFactory(contract=ContractFactory(ends_on=in_days(7)))
    CardFactory(registrant=RegistrantFactory(proof_valid_until=in_days(60)))
    TrainingRecordFactory(valid_until=in_days(1))
    CardFactory(expires_on=in_days(61))
    remind_expiries(now=now)
    assert sorted(sent()) == [
        (AlertKind.CARD_EXPIRY, 30),
        (AlertKind.CONTRACT_END, 7),
        (AlertKind.REAL_NAME_EXPIRY, 60),
        (AlertKind.TRAINING_EXPIRY, 1),
    ]
    severities = dict(Alert.objects.values_list("kind", "severity"))
    assert severities == {
        AlertKind.CARD_EXPIRY: Severity.WARN,
        AlertKind.CONTRACT_END: Severity.HIGH,
        AlertKind.REAL_NAME_EXPIRY: Severity.INFO,
        AlertKind.TRAINING_EXPIRY: Severity.CRITICAL,
    }


def test_each_lead_time_is_told_once_as_the_day_comes_near(now):
    """R15: 60, 30, 7 and 1 days ahead, however often the job runs."""
    CardFactory(expires_on=in_days(62))
    for day in range(70):
        for _run in range(2):
            remind_expiries(now=now + timedelta(days=day))
    assert [lead for _kind, lead in sent()] == [60, 30, 7, 1]
    assert Alert.objects.count() == 1


def test_a_run_three_days_late_tells_the_most_urgent_once(now):
    """R15: never the milder ones after it."""
    CardFactory(expires_on=in_days(4))
    remind_expiries(now=now)
    remind_expiries(now=now)
    assert sent() == [(AlertKind.CARD_EXPIRY, 7)]


def test_a_card_renewed_closes_its_alert_and_starts_anew_for_its_new_day(now):
    card = CardFactory(expires_on=in_days(7))
    remind_expiries(now=now)
    card.expires_on = in_days(372)
    card.save(update_fields=["expires_on"])
    assert remind_expiries(now=now).alerts.closed == 1
    remind_expiries(now=now + timedelta(days=342))
    assert [lead for _kind, lead in sent()] == [7, 30]
    states = list(Alert.objects.order_by("pk").values_list("state", flat=True))
    assert states == [AlertState.CLOSED, AlertState.OPEN]


def test_a_card_that_expired_stays_an_alert_until_somebody_decides(now):
    card = CardFactory(expires_on=in_days(-3))
    remind_expiries(now=now)
    assert Alert.objects.open().get().card == card
    card.service_state = ServiceState.CANCELLED
    card.save(update_fields=["service_state"])
    remind_expiries(now=now)
    assert not Alert.objects.open().exists()


def test_a_contract_of_many_cards_is_reminded_of_once_and_shown_on_each(now):
    """R103: one reminder a contract; every card of it shows the alert."""
    contract = ContractFactory(ends_on=in_days(30))
    CardFactory.create_batch(3, contract=contract, carrier=contract.carrier)
    outcome = remind_expiries(now=now)
    assert (outcome.reminded, len(outcome.alerts.opened)) == (1, 3)


def test_a_contract_that_renews_itself_is_reminded_of_by_its_notice_day(now):
    """R15, R103: the day that matters is the last one to give notice; after notice it is the end."""
    contract = ContractFactory(ends_on=date(2027, 2, 28), renewal_months=12, notice=3, notice_unit="months")
    CardFactory(contract=contract, carrier=contract.carrier)
    remind_expiries(now=now)
    (alert,) = Alert.objects.open()
    assert (alert.code, alert.params["due_on"], alert.params["ends_on"]) == (
        "contract_notice",
        "2026-11-30",
        "2027-02-28",
    )
    assert sent() == [(AlertKind.CONTRACT_END, 30)]
    contract.notice_given_on = TODAY
    contract.save(update_fields=["notice_given_on"])
    remind_expiries(now=now)
    assert not Alert.objects.open().exists()


def test_a_contract_that_is_over_binds_nobody(now):
    CardFactory(contract=ContractFactory(ends_on=in_days(-1)))
    assert remind_expiries(now=now).due == 0


def test_the_training_of_somebody_who_left_is_no_matter(now):
    left = AgentFactory(status=AgentStatus.LEFT, left_on=in_days(-1))
    TrainingRecordFactory(agent=left, valid_until=in_days(7))
    assert remind_expiries(now=now).due == 0


def test_another_day_is_looked_at_as_that_day(now):
    """`run_job remind_expiries --on 2026-12-13`."""
    CardFactory(expires_on=in_days(90))
    remind_expiries(now=now, today=in_days(60))
    assert sent() == [(AlertKind.CARD_EXPIRY, 30)]
    assert Alert.objects.get().first_seen_at == now
    assert business_day(now) == TODAY


def test_the_number_of_statements_does_not_grow_with_the_fleet(now):
    def statements(cards: int) -> int:
        for _number in range(cards):
            CardFactory(expires_on=in_days(7), registrant=RegistrantFactory(proof_valid_until=in_days(30)))
            TrainingRecordFactory(valid_until=in_days(7))
        with CaptureQueriesContext(connection) as captured:
            remind_expiries(now=now)
        return len(captured)

    statements(25)  # so many of a kind are one matter from here on, told anew when it has doubled
    few = statements(3)
    assert statements(29) <= few + 1


def test_each_reminder_is_told_once_to_the_supervisor_and_the_holder(reference, now):
    """R15: told 30 days ahead, not again the next day, again at 7 days."""
    team = TeamFactory()
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=team)
    agent = AgentFactory(user__team=team)
    hand_over(CardFactory(expires_on=in_days(30), team=team), agent)
    for days in (0, 0, 1, 23, 23):
        remind_expiries(now=now + timedelta(days=days))
    assert InboxItem.objects.filter(user=supervisor).count() == 2
    assert InboxItem.objects.filter(user=agent.user).count() == 2


def test_a_lapsed_training_is_told_at_once_and_after_some_days_the_cards_come_back(now):
    """R73: a notice to the agent at the lapse, once; then an alert to take the cards back until it is renewed."""
    lapsed = TrainingRecordFactory(passed_on=in_days(-300), valid_until=in_days(-1))
    hand_over(CardFactory(), lapsed.agent)
    for _run in range(2):
        outcome = watch_lapses(today=TODAY, now=now, return_days=7)
    assert InboxItem.objects.filter(user=lapsed.agent.user, code="lifecycle.training_lapsed").count() == 1
    assert (outcome["lapsed"], Alert.objects.count()) == (1, 0)

    later = now + timedelta(days=7)
    watch_lapses(today=in_days(7), now=later, return_days=7)
    alert = Alert.objects.open().get()
    assert (alert.kind, alert.agent, alert.params["cards"]) == (AlertKind.TRAINING_LAPSED, lapsed.agent, 1)
    assert render(alert.code, alert.params)

    TrainingRecordFactory(agent=lapsed.agent, course=lapsed.course, passed_on=in_days(7))
    watch_lapses(today=in_days(7), now=later, return_days=7)
    assert not Alert.objects.open().exists()

"""Alerts nobody sees to: told to the next role once, however late or often the job runs."""

from datetime import timedelta

import pytest

from cardfleet.accounts.choices import Role
from cardfleet.notify.models import InboxItem
from cards.choices import Severity
from lifecycle.choices import AlertState
from lifecycle.errors import EscalationOutOfOrder
from lifecycle.models import Alert, EscalationStep
from lifecycle.rules.escalation import is_in_order
from lifecycle.services.alert_handling import acknowledge, put_back
from lifecycle.services.escalation import change_step, escalate_alerts
from lifecycle.tasks import escalate
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HOUR = timedelta(hours=1)
NOTHING = {"escalated": 0, "told": 0}


@pytest.fixture
def keepers():
    return PersonFactory(role=Role.COMPLIANCE), PersonFactory(role=Role.ADMIN)


def told(person) -> list[int]:
    return [item.params["count"] for item in InboxItem.objects.filter(user=person, code="lifecycle.escalated")]


@pytest.mark.parametrize(
    ("hours", "fits"), [([2, 6], True), ([2, None, 6], True), ([None], True), ([6, 6], False), ([6, 2], False)]
)
def test_steps_come_one_after_the_other(hours, fits):
    assert is_in_order(hours) is fits


def test_each_step_tells_its_role_once(keepers):
    """R42: the job runs every ten minutes and tells once a step."""
    compliance, admin = keepers
    AlertFactory.create_batch(3, severity=Severity.CRITICAL)
    AlertFactory(severity=Severity.INFO)
    assert escalate(on=FRIDAY.date(), now=FRIDAY + 2 * HOUR - timedelta(seconds=1)) == NOTHING
    assert escalate(on=FRIDAY.date(), now=FRIDAY + 2 * HOUR) == {"escalated": 3, "told": 1}
    assert escalate(on=FRIDAY.date(), now=FRIDAY + 2 * HOUR) == NOTHING
    assert (told(compliance), told(admin)) == ([3], [])
    assert escalate(on=FRIDAY.date(), now=FRIDAY + 6 * HOUR) == {"escalated": 3, "told": 1}
    assert (told(compliance), told(admin)) == ([3], [3])
    assert set(Alert.objects.values_list("severity", "escalation")) == {("critical", 2), ("info", 0)}


def test_three_days_late_and_a_clock_set_back(keepers):
    """A late run tells each role once; an earlier clock takes nothing back and tells nobody."""
    compliance, admin = keepers
    AlertFactory(severity=Severity.CRITICAL)
    assert escalate_alerts(now=FRIDAY + 75 * HOUR) == {"escalated": 1, "told": 2}
    assert escalate_alerts(now=FRIDAY - HOUR) == escalate_alerts(now=FRIDAY + 76 * HOUR) == NOTHING
    assert (told(compliance), told(admin)) == ([1], [1])
    assert Alert.objects.get().escalation == 2


def test_what_somebody_sees_to_or_lets_rest_is_left_alone(keepers):
    seen, resting, closed, back = AlertFactory.create_batch(4, severity=Severity.CRITICAL)
    boss = PersonFactory(role=Role.SUPERVISOR)
    acknowledge(alert_ids=[seen.pk, back.pk], actor=boss, now=FRIDAY)
    Alert.objects.filter(pk=resting.pk).update(snoozed_until=FRIDAY + 10 * HOUR)
    Alert.objects.filter(pk=closed.pk).update(state=AlertState.CLOSED, closed_at=FRIDAY)
    assert escalate_alerts(now=FRIDAY + 9 * HOUR) == NOTHING
    put_back(alert_ids=[back.pk], actor=boss, now=FRIDAY + 9 * HOUR)
    assert escalate_alerts(now=FRIDAY + 11 * HOUR)["escalated"] == 1
    assert escalate_alerts(now=FRIDAY + 12 * HOUR)["escalated"] == 1, "two hours after its rest ended"
    assert set(Alert.objects.filter(escalation=1)) == {back, resting}


def test_a_thousand_alerts_take_as_many_statements_as_one(keepers, django_assert_max_num_queries):
    AlertFactory.create_batch(40, severity=Severity.CRITICAL)
    with django_assert_max_num_queries(25):
        assert escalate_alerts(now=FRIDAY + 2 * HOUR)["escalated"] == 40


def test_hours_of_steps_grow_and_may_be_none():
    first, second = EscalationStep.objects.filter(severity=Severity.HIGH)
    facts = {"role": Role.ADMIN, "actor": None, "now": FRIDAY}
    with pytest.raises(EscalationOutOfOrder):
        change_step(step=first, after_hours=24, **facts)
    change_step(step=first, after_hours=None, **facts)
    change_step(step=second, after_hours=1, **facts)
    AlertFactory(severity=Severity.HIGH)
    assert escalate_alerts(now=FRIDAY + HOUR)["escalated"] == 1

"""What people do about alerts, one or many at once, by page and API, and what stays of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.notify.models import InboxItem
from cards.choices import Severity
from lifecycle.choices import AlertDeed, AlertState
from lifecycle.errors import AlertClosed, AssigneeUnfit, CommentMissing, SnoozePastDeadline, SnoozeUnfit
from lifecycle.models import Alert
from lifecycle.selectors.alerts import alert_history
from lifecycle.services.alert_handling import acknowledge, assign, comment, put_back, snooze
from lifecycle.services.alerts import Cause, settle_alerts
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIST, DEEDS = reverse("lifecycle:alerts"), reverse("lifecycle:alert-deeds")


@pytest.fixture(autouse=True)
def _friday(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def boss(client, team):
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    client.force_login(person)
    return person


def listed(client, **query) -> list:
    return [row.subject for row in client.get(LIST, query).context["rows"]]


def settle(now, *cards, severity=Severity.WARN):
    facts = {"kind": "card_expiry", "code": "card_expiry", "params": {"due_on": "2026-12-20"}}
    causes = [Cause(card_id=card.pk, severity=severity, **facts) for card in cards]
    return settle_alerts(kinds=["card_expiry"], causes=causes, now=now)


def test_a_resting_alert_leaves_the_queue_and_comes_back_by_itself(client, boss, team, time_machine):
    """R42: nothing has to run for it to come back; what gets graver does not go on resting."""
    alert = AlertFactory(card__team=team)
    snooze(alert_ids=[alert.pk], until=FRIDAY + HOUR, actor=boss, now=FRIDAY)
    assert (listed(client), listed(client, resting="true")) == ([], [alert])
    assert client.get("/").context["queue"].count == 0
    time_machine.move_to(FRIDAY + HOUR, tick=False)
    assert (listed(client), listed(client, resting="true")) == ([alert], [])
    snooze(alert_ids=[alert.pk], until=FRIDAY + DAY, actor=boss, now=FRIDAY + HOUR)
    settle(FRIDAY + 2 * HOUR, alert.card, severity=Severity.CRITICAL)
    alert.refresh_from_db()
    assert (alert.snoozed_until, alert.opened_at) == (None, FRIDAY + 2 * HOUR)


@pytest.mark.parametrize("until", [FRIDAY, FRIDAY - HOUR, FRIDAY + 15 * DAY])
def test_a_rest_ends_within_fourteen_days_from_now(until, boss):
    with pytest.raises(SnoozeUnfit):
        snooze(alert_ids=[AlertFactory().pk], until=until, actor=boss, now=FRIDAY)


def test_one_that_cannot_be_done_keeps_nobody_from_the_others(boss):
    due, closed, free = (
        AlertFactory(due_at=FRIDAY + HOUR),
        AlertFactory(state=AlertState.CLOSED, closed_at=FRIDAY),
        AlertFactory(),
    )
    handled = snooze(alert_ids=[due.pk, closed.pk, free.pk], until=FRIDAY + DAY, actor=boss, now=FRIDAY)
    assert list(handled.done) == [free.pk]
    assert {pk: type(why) for pk, why in handled.refused.items()} == {
        due.pk: SnoozePastDeadline,
        closed.pk: AlertClosed,
    }


def test_who_is_given_an_alert_must_see_it_and_is_told_once(boss, team):
    mate = PersonFactory(role=Role.SUPERVISOR, scope=team)
    alert = AlertFactory(card__team=team)
    for stranger in (PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()), PersonFactory(role=Role.FINANCE)):
        handled = assign(alert_ids=[alert.pk], person=stranger, actor=boss, now=FRIDAY)
        assert isinstance(handled.refused[alert.pk], AssigneeUnfit)
    for _twice in range(2):
        assign(alert_ids=[alert.pk], person=mate, actor=boss, now=FRIDAY)
    alert.refresh_from_db()
    assert (alert.assignee, alert.state) == (mate, AlertState.OPEN)
    assert [item.user for item in InboxItem.objects.all()] == [mate]


def test_a_cause_that_returns_opens_the_old_alert_again_with_its_history(boss):
    """R42: within a week it is the old matter; later a new one. What swings within hours is no news."""
    card = CardFactory()
    (pk,) = settle(FRIDAY, card).news
    acknowledge(alert_ids=[pk], actor=boss, now=FRIDAY)
    comment(alert_ids=[pk], text="  Called the carrier ", actor=boss, now=FRIDAY)
    settle(FRIDAY + HOUR)
    assert (settle(FRIDAY + 2 * HOUR, card).news, Alert.objects.count()) == ([], 1)
    settle(FRIDAY + 3 * HOUR)
    back = settle(FRIDAY + 8 * HOUR, card)
    assert (back.news, back.counts()["alerts_reopened"], back.counts()["alerts_opened"]) == ([pk], 1, 0)
    alert = Alert.objects.get()
    assert (alert.state, alert.reopened, alert.first_seen_at) == (AlertState.OPEN, 2, FRIDAY)
    assert (alert.opened_at, alert.acknowledged_by, alert.closed_at) == (FRIDAY + 8 * HOUR, None, None)
    actions = [told.action.code.removeprefix("lifecycle.alert_") for told in alert_history(alert)]
    assert actions == ["reopened", "closed", "reopened", "closed", "commented", "acknowledged", "opened"]
    assert alert_history(alert)[4].entry.reason == "Called the carrier"
    settle(FRIDAY + 9 * HOUR)
    settle(FRIDAY + 8 * DAY, card)
    assert Alert.objects.count() == 2


def test_what_is_put_back_waits_for_anybody(boss):
    alert = AlertFactory()
    acknowledge(alert_ids=[alert.pk], actor=boss, now=FRIDAY)
    assert put_back(alert_ids=[alert.pk], actor=boss, now=FRIDAY + HOUR).done == [alert.pk]
    assert put_back(alert_ids=[alert.pk], actor=boss, now=FRIDAY + HOUR).kept == [alert.pk]
    alert.refresh_from_db()
    assert (alert.state, alert.assignee, alert.opened_at) == (AlertState.OPEN, None, FRIDAY + HOUR)


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001])
def test_a_comment_has_words(text, boss):
    with pytest.raises(CommentMissing):
        comment(alert_ids=[AlertFactory().pk], text=text, actor=boss, now=FRIDAY)


def test_many_take_as_many_statements_as_one(boss, django_assert_max_num_queries):
    """A thousand cards are handled by a few statements."""
    ids = [alert.pk for alert in AlertFactory.create_batch(30)]
    with django_assert_max_num_queries(6):
        assert len(acknowledge(alert_ids=ids, actor=boss, now=FRIDAY).done) == 30


def test_the_page_does_it_with_those_ticked_or_all_that_are_listed(client, boss, team):
    """Invariant 10: an alert outside the scope is as if it were not; each that is refused is named."""
    alerts = AlertFactory.create_batch(27, card__team=team)
    outside = AlertFactory()
    picked = {"pick": [alerts[0].pk, outside.pk], "next": LIST}
    assert client.post(DEEDS, {**picked, "deed": "snooze", "rest": "hour"}).url == LIST
    assert set(Alert.objects.filter(snoozed_until=FRIDAY + HOUR)) == {alerts[0]}
    assert client.post(DEEDS, {"all_found": "1", "deed": "acknowledge", "next": "//evil.cn/"}).url == LIST
    assert Alert.objects.filter(state=AlertState.ACKNOWLEDGED).count() == 26, "the resting one is not listed"
    Alert.objects.filter(pk=alerts[1].pk).update(state=AlertState.CLOSED, closed_at=FRIDAY)
    answer = client.post(DEEDS, {"pick": [alerts[1].pk, alerts[2].pk], "deed": "assign", "person": boss.pk})
    assert (answer.status_code, [alert for alert, _why in answer.context["rows"]]) == (409, [alerts[1]])
    assert client.post(DEEDS, {"pick": [outside.pk], "deed": "acknowledge"}).status_code == 404
    assert client.post(DEEDS, {"pick": [alerts[0].pk], "deed": "dance"}).status_code == 400
    assert client.post(DEEDS, {"pick": [alerts[0].pk], "deed": "assign"}).status_code == 409
    assert set(listed(client, mine="true")) <= set(alerts)
    page = client.get(reverse("lifecycle:alert", args=[alerts[2].pk]))
    assert [told.action.code for told in page.context["history"]] == ["lifecycle.alert_acknowledged"]


def test_the_api_does_the_same_and_says_of_each_why_not(boss, team):
    api = APIClient()
    api.force_authenticate(boss)
    alert, outside = AlertFactory(card__team=team), AlertFactory()
    url = f"/api/v1/alerts/{alert.pk}/deeds/"
    rest = {"deed": AlertDeed.SNOOZE, "until": (FRIDAY + HOUR).isoformat()}
    assert api.post(url, rest).json()["snoozed_until"]
    assert api.post(url, {"deed": "assign", "person": boss.pk}).json()["assignee"] == boss.pk
    assert api.post(url, {"deed": "comment", "text": ""}).status_code == 400
    answer = api.post("/api/v1/alerts/bulk/", {"ids": [alert.pk, outside.pk], "deed": "acknowledge"}, format="json")
    assert (answer.json()["done"], list(answer.json()["refused"])) == ([alert.pk], [str(outside.pk)])
    history = api.get(f"/api/v1/alerts/{alert.pk}/history/").json()
    assert history[0]["action"] == "lifecycle.alert_acknowledged"

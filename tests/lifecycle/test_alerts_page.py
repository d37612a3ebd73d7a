"""The list of alerts: filters in the address, reasons, who sees to it, what is closed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.choices import Severity
from lifecycle.choices import AlertKind, AlertState
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.lifecycle import AlertFactory

LIST = reverse("lifecycle:alerts")
REASON = {
    "kind": "daily_out_calls",
    "code": "daily_out_calls",
    "params": {"value": "190", "limit": "200"},
    "points": 40,
    "illustrative": True,
}


@pytest.fixture(autouse=True)
def _friday(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team(db):
    return TeamFactory(name="East")


@pytest.fixture
def supervisor(client, reference, team):
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    client.force_login(person)
    return person


@pytest.fixture
def listed(client, supervisor):
    """The alerts the list shows for some filters."""
    return lambda **query: [row.subject for row in client.get(LIST, query).context["rows"]]


def acknowledge_url(alert) -> str:
    return reverse("lifecycle:acknowledge", args=[alert.pk])


def test_open_ones_by_deadline_and_closed_ones_apart(listed, team):
    """R42: what is open stands by its deadline; what is closed keeps its history."""
    later = AlertFactory(card__team=team, due_at=FRIDAY + timedelta(days=9))
    someday = AlertFactory(card__team=team, due_at=None)
    soon = AlertFactory(card__team=team, due_at=FRIDAY + timedelta(days=2), state=AlertState.ACKNOWLEDGED)
    closed = AlertFactory(card__team=team, state=AlertState.CLOSED, closed_at=FRIDAY)
    assert listed() == [soon, later, someday]
    assert listed(state="acknowledged") == [soon]
    assert listed(state="closed") == [closed]
    assert listed(sort="-due") == [later, soon, someday]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "arrears"}, {"arrears"}),
        ({"kind": ["arrears", "training"]}, {"arrears"}),
        ({"severity": "critical"}, {"stopped"}),
        ({"due": "today"}, {"stopped", "arrears"}),
        ({"due": "later"}, {"training_expiry"}),
    ],
)
def test_filters_live_in_the_address(client, supervisor, team, query, found):
    """An unusable value shows nothing and says so."""
    AlertFactory(card__team=team, kind=AlertKind.ARREARS, due_at=FRIDAY)
    AlertFactory(card__team=team, kind=AlertKind.STOPPED, severity=Severity.CRITICAL, due_at=FRIDAY)
    AlertFactory(card=None, agent=AgentFactory(user__team=team), kind=AlertKind.TRAINING_EXPIRY)
    answer = client.get(LIST, query)
    unusable = "training" in query.get("kind", "")
    assert answer.status_code == (400 if unusable else 200)
    assert {row.subject.kind for row in answer.context["rows"]} == (set() if unusable else found)


def test_a_team_stands_for_the_teams_below_it(supervisor, listed, team):
    """A team out of sight finds nothing."""
    below, beside = TeamFactory(parent=team), TeamFactory(parent=team)
    inside = AlertFactory(card__team=below)
    AlertFactory(card__team=beside)
    person = AlertFactory(card=None, agent=AgentFactory(user__team=below), kind=AlertKind.TRAINING_EXPIRY)
    assert set(listed(team=below.pk)) == {inside, person}
    assert len(listed(team=team.pk)) == 3
    assert not listed(team=TeamFactory().pk)


def test_reasons_are_shown_in_words(client, supervisor, team):
    """R42: the drivers of a risk, with the badge of illustrative limits."""
    AlertFactory(
        card__team=team,
        kind=AlertKind.SUSPENSION_RISK,
        code="daily_out_calls",
        params={**REASON["params"], "score": 78},
        evidence=[REASON],
    )
    page = client.get(LIST).content.decode()
    assert "190" in page
    assert "+40" in page
    assert page.count("#test-pipe") == 1


def test_acknowledging_puts_a_name_to_it_and_the_alert_stays(client, supervisor, listed, team):
    """R42: recorded once, in the journal; the alert is open until its cause is gone."""
    alert = AlertFactory(card__team=team)
    answer = client.post(acknowledge_url(alert), headers={"HX-Request": "true"})
    assert f'id="alert-{alert.pk}"' in answer.content.decode()
    assert client.post(acknowledge_url(alert)).url == LIST
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, supervisor)
    assert Entry.objects.filter(action="lifecycle.alert_acknowledged").count() == 1
    assert listed() == [alert]


def test_others_alerts_are_not_there(client, supervisor, team):
    """Invariant 10: out of scope is 404, without the right 403, and nothing changes."""
    other = AlertFactory(card__team=TeamFactory())
    assert client.post(acknowledge_url(other)).status_code == 404
    alert = AlertFactory(card__team=team)
    client.force_login(PersonFactory(role=Role.FINANCE))
    assert acknowledge_url(alert) not in client.get(LIST).content.decode()
    assert client.post(acknowledge_url(alert)).status_code == 403
    for one in (other, alert):
        one.refresh_from_db()
        assert one.state == AlertState.OPEN


def test_a_closed_one_is_refused(client, supervisor, team):
    alert = AlertFactory(card__team=team, state=AlertState.CLOSED, closed_at=FRIDAY)
    assert client.post(acknowledge_url(alert), headers={"HX-Request": "true"}).status_code == 409


def test_a_list_of_one_and_of_three_asks_as_often(client, supervisor, team, django_assert_num_queries):
    AlertFactory(card__team=team)
    client.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        client.get(LIST)
    AlertFactory.create_batch(2, card__team=team)
    with django_assert_num_queries(len(asked)):
        client.get(LIST)


def test_it_is_paged(client, supervisor, team):
    AlertFactory.create_batch(26, card__team=team)
    assert len(client.get(LIST, {"page": 2}).context["rows"]) == 1

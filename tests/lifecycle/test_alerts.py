"""Alerts: one open a subject and kind, acknowledged by people, told to those concerned."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotVisible
from cardfleet.notify.choices import ChannelKind
from cardfleet.notify.models import Channel, InboxItem, Message
from cards.choices import Severity
from lifecycle.choices import AlertKind, AlertState
from lifecycle.errors import AlertClosed
from lifecycle.models import Alert
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alert_handling import acknowledge
from lifecycle.services.alerts import Cause, settle_alerts
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def cause(card, severity=Severity.WARN, **facts) -> Cause:
    facts = {"kind": AlertKind.CARD_EXPIRY, "code": "card_expiry", "params": {"due_on": "2026-12-20"}} | facts
    return Cause(card_id=card.pk, severity=severity, **facts)


def settle(now, *causes):
    return settle_alerts(kinds=[AlertKind.CARD_EXPIRY], causes=causes, now=now)


def test_an_alert_is_refreshed_not_repeated(now):
    card = CardFactory()
    settle(now, cause(card))
    outcome = settle(now + timedelta(hours=1), cause(card, params={"due_on": "2026-12-21"}))
    alert = Alert.objects.get()
    assert (outcome.news, outcome.refreshed) == ([], 1)
    assert (alert.params, alert.first_seen_at, alert.last_seen_at) == (
        {"due_on": "2026-12-21"},
        now,
        now + timedelta(hours=1),
    )


def test_an_acknowledged_alert_stays_so_until_it_becomes_graver(now):
    card, supervisor = CardFactory(), PersonFactory()
    alert_id = settle(now, cause(card)).news[0]
    acknowledge(alert_ids=[alert_id], actor=supervisor, now=now)
    assert settle(now, cause(card)).news == []
    assert Alert.objects.get().state == AlertState.ACKNOWLEDGED
    assert settle(now, cause(card, Severity.HIGH)).news == [alert_id]
    alert = Alert.objects.get()
    assert (alert.state, alert.acknowledged_by, alert.severity) == (AlertState.OPEN, None, Severity.HIGH)
    assert settle(now, cause(card, Severity.WARN)).news == []


def test_acknowledging_says_who_and_when_and_twice_changes_nothing(now):
    alert, supervisor = AlertFactory(), PersonFactory()
    acknowledge(alert_ids=[alert.pk], actor=supervisor, now=now)
    acknowledge(alert_ids=[alert.pk], actor=PersonFactory(), now=now + timedelta(hours=1))
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by, alert.acknowledged_at) == (AlertState.ACKNOWLEDGED, supervisor, now)
    assert Entry.objects.filter(action="lifecycle.alert_acknowledged").count() == 1


def test_a_closed_alert_is_not_acknowledged(now):
    alert = AlertFactory(state=AlertState.CLOSED, closed_at=now)
    refused = acknowledge(alert_ids=[alert.pk, 0], actor=PersonFactory(), now=now).refused
    assert {pk: type(refusal) for pk, refusal in refused.items()} == {alert.pk: AlertClosed, 0: NotVisible}


@pytest.mark.django_db(transaction=True)
def test_two_runs_beside_each_other_open_one_alert(now):
    """A job may run beside itself."""
    cards = CardFactory.create_batch(20)
    failures = []

    def run():
        try:
            settle(now, *(cause(card) for card in cards))
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)
        finally:
            connection.close()

    runs = [threading.Thread(target=run) for _number in range(3)]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert failures == []
    assert Alert.objects.count() == 20


def test_the_supervisors_in_scope_the_holder_and_the_channels_are_told_once(now):
    """R6, R15, R42: whoever can do something is told; a digest rather than a flood."""
    site = TeamFactory()
    team, elsewhere = TeamFactory(parent=site), TeamFactory()
    above, beside = (
        PersonFactory(role=Role.SUPERVISOR, scope=site),
        PersonFactory(role=Role.SUPERVISOR, scope=elsewhere),
    )
    left = PersonFactory(role=Role.SUPERVISOR, scope=team, is_active=False)
    agent = AgentFactory(user__team=team)
    channels = [
        Channel.objects.create(name=name, kind=ChannelKind.EMAIL, address=f"{name}@example.com", team=owner)
        for name, owner in (("all", None), ("site", site), ("elsewhere", elsewhere))
    ]
    cards = CardFactory.create_batch(12, team=team)
    hand_over(cards[0], agent)
    news = settle(now, *(cause(card) for card in cards)).news
    for _run in range(2):
        tell_of_alerts(news, run="test", now=now)
    assert {item.user for item in InboxItem.objects.all()} == {above, agent.user}
    assert not InboxItem.objects.filter(user__in=[beside, left]).exists()
    digest = InboxItem.objects.get(user=above)
    assert digest.params["count"] == 12
    assert len(digest.params["lines"].splitlines()) == 11
    assert InboxItem.objects.get(user=agent.user).params["count"] == 1
    assert set(Message.objects.values_list("channel__name", flat=True)) == {channels[0].name, channels[1].name}


def test_a_message_shows_masked_numbers_only(now):
    """R4, R83: what leaves the house carries no whole number."""
    team = TeamFactory()
    PersonFactory(role=Role.SUPERVISOR, scope=team)
    card = CardFactory(team=team)
    tell_of_alerts(settle(now, cause(card)).news, run="test", now=now)
    lines = InboxItem.objects.get().params["lines"]
    assert card.masked_msisdn in lines
    assert card.msisdn.removeprefix("+86") not in lines


def test_only_what_is_grave_goes_by_mail(now):
    team = TeamFactory()
    PersonFactory(role=Role.SUPERVISOR, scope=team, email="boss@example.com")
    card = CardFactory(team=team)
    tell_of_alerts(settle(now, cause(card)).news, run="first", now=now)
    assert not Message.objects.exists()
    tell_of_alerts(settle(now, cause(card, Severity.HIGH)).news, run="second", now=now)
    assert Message.objects.get().email == "boss@example.com"


def test_alerts_are_seen_in_scope_only(now):
    team = TeamFactory()
    supervisor, agent = PersonFactory(role=Role.SUPERVISOR, scope=team), AgentFactory()
    seen = AlertFactory(card=CardFactory(team=team))
    held = AlertFactory()
    hand_over(held.card, agent)
    own = AlertFactory(card=None, agent=agent, kind=AlertKind.TRAINING_EXPIRY, code="training_expiry")
    assert list(Alert.objects.visible_to(supervisor)) == [seen]
    assert set(Alert.objects.visible_to(agent.user)) == {held, own}

"""Calm by design: a carrier's works, or one rule on many cards, become one matter with a list; the daily digest."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.notify.choices import Mode
from cardfleet.notify.models import InboxItem, Message, Preference, Subscription
from cards.choices import Severity
from lifecycle.choices import AlertKind, AlertState, NoticeKind
from lifecycle.errors import NoticePeriodUnfit, NoticeWithdrawn
from lifecycle.models import Alert, AlertGroup, CarrierNotice
from lifecycle.rules.notices import GRACE, STORM_AT
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import Cause, settle_alerts
from lifecycle.services.escalation import escalate_alerts
from lifecycle.services.notices import record_notice, withdraw_notice
from lifecycle.services.storms import group_alerts
from lifecycle.tasks import digest, end_carrier_notices
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, CarrierFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HOUR = timedelta(hours=1)
LIST, NOTICES = reverse("lifecycle:alerts"), reverse("lifecycle:notices")


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def boss(team):
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team, email="boss@example.com")


@pytest.fixture
def carrier():
    return CarrierFactory()


def settle(now, cards, *, reason=""):
    params = {"since": "2026-11-20", "state": "full_stop", "reason": reason}
    causes = [
        Cause(card_id=card.pk, kind=AlertKind.STOPPED, severity=Severity.CRITICAL, code="stopped", params=params)
        for card in cards
    ]
    outcome = settle_alerts(kinds=[AlertKind.STOPPED], causes=causes, now=now)
    tell_of_alerts(outcome.news, run="test", now=now)
    return outcome


def notice(carrier, now=FRIDAY, **facts):
    given = {"kind": NoticeKind.MAINTENANCE, "title": "割接", "regions": ["广东"], "actor": None, "now": now}
    return record_notice(carrier=carrier, starts_at=FRIDAY, **{"ends_at": FRIDAY + 4 * HOUR, **given, **facts})


def test_one_rule_on_many_cards_is_one_matter_told_once(boss, team, carrier, client, time_machine):
    """A storm is one line in one message; the holder of a card is told of that card all the same."""
    time_machine.move_to(FRIDAY, tick=False)
    cards = CardFactory.create_batch(2 * STORM_AT - 1, team=team, carrier=carrier)
    agent = AgentFactory(user__team=team)
    hand_over(cards[0], agent)
    lone = CardFactory(team=team)
    settle(FRIDAY, [*cards[:STORM_AT], lone])
    group = AlertGroup.objects.get()
    assert (group.carrier, group.kind, group.alerts.count()) == (carrier, AlertKind.STOPPED, STORM_AT)
    assert len(InboxItem.objects.get(user=boss).params["lines"].splitlines()) == 2
    assert InboxItem.objects.get(user=agent.user).params["count"] == 1
    settle(FRIDAY + HOUR / 2, [*cards, lone])
    settle(FRIDAY + HOUR / 2, [*cards, lone])
    assert (AlertGroup.objects.count(), group.alerts.count()) == (1, 2 * STORM_AT - 1)
    assert InboxItem.objects.filter(user=boss).count() == 1, "it has not doubled"
    client.force_login(boss)
    page = client.get(LIST)
    assert [(one.group, one.count) for one in page.context["groups"]] == [(group, 2 * STORM_AT - 1)]
    assert [row.subject.card for row in page.context["rows"]] == [lone]
    assert len(client.get(LIST, {"group": group.pk}).context["rows"]) == 25
    queue = client.get("/").context["queue"]
    assert (queue.today_count, [one.count for one in queue.groups]) == (2, [2 * STORM_AT - 1])
    client.post(f"{reverse('lifecycle:alert-deeds')}?group={group.pk}", {"all_found": "1", "deed": "acknowledge"})
    assert group.alerts.filter(state=AlertState.ACKNOWLEDGED).count() == 2 * STORM_AT - 1
    settle(FRIDAY + HOUR, [])
    group.refresh_from_db()
    assert group.closed_at == FRIDAY + HOUR


def test_what_is_different_or_slow_is_no_storm(carrier, team):
    settle(FRIDAY, CardFactory.create_batch(STORM_AT - 1, team=team, carrier=carrier))
    settle_alerts(kinds=[AlertKind.IDLE], causes=[], now=FRIDAY)
    AlertFactory.create_batch(5, kind=AlertKind.IDLE, code="idle_days", card__carrier=carrier)
    AlertFactory.create_batch(STORM_AT, first_seen_at=FRIDAY - 2 * HOUR, card__carrier=carrier)
    group_alerts(now=FRIDAY)
    assert not AlertGroup.objects.exists()


def test_alerts_that_a_notice_explains_stand_under_it_until_it_is_over(boss, team, carrier):
    """R38, R51: grouped when it is recorded or when they open; what is still stopped afterwards stands for itself."""
    inside = CardFactory(team=team, carrier=carrier, region="广东深圳")
    outside = CardFactory(team=team, carrier=carrier, region="上海")
    on_network = CardFactory(team=team, carrier=CarrierFactory(network_of=carrier), region="广东")
    settle(FRIDAY + HOUR / 2, [inside, outside])
    said = notice(carrier, now=FRIDAY + HOUR)
    settle(FRIDAY + 2 * HOUR, [inside, outside, on_network])
    grouped = Alert.objects.filter(group__notice=said)
    assert {alert.card for alert in grouped} == {inside, on_network}
    assert escalate_alerts(now=FRIDAY + 4 * HOUR)["escalated"] == 1, "what is explained waits for the carrier"
    over = FRIDAY + 4 * HOUR + GRACE
    assert end_carrier_notices(on=FRIDAY.date(), now=over) == {"released": 0}
    settle(over, [inside, outside])
    before = InboxItem.objects.filter(user=boss).count()
    late = over + timedelta(days=3)
    assert end_carrier_notices(on=FRIDAY.date(), now=late) == {"released": 1}
    assert end_carrier_notices(on=FRIDAY.date(), now=late) == {"released": 0}
    assert end_carrier_notices(on=FRIDAY.date(), now=FRIDAY) == {"released": 0}, "a clock set back"
    assert InboxItem.objects.filter(user=boss).count() == before + 1
    alert = Alert.objects.open().get(card=inside)
    assert (alert.group, alert.opened_at, alert.escalation) == (None, late, 0)


def test_a_withdrawn_notice_explains_nothing(boss, team, carrier):
    card = CardFactory(team=team, carrier=carrier, region="广东")
    said = notice(carrier)
    settle(FRIDAY + HOUR, [card])
    withdraw_notice(notice=said, actor=boss, now=FRIDAY + HOUR)
    with pytest.raises(NoticeWithdrawn):
        withdraw_notice(notice=said, actor=boss, now=FRIDAY + HOUR)
    group_alerts(now=FRIDAY + HOUR)
    assert Alert.objects.get().group is None
    with pytest.raises(NoticePeriodUnfit):
        notice(carrier, ends_at=FRIDAY)


def test_a_thousand_cards_take_as_many_statements_as_forty(team, carrier, django_assert_max_num_queries):
    cards = CardFactory.create_batch(40, team=team, carrier=carrier)
    with django_assert_max_num_queries(45):
        settle(FRIDAY, cards)
    assert AlertGroup.objects.get().told_count == 40


def test_notices_are_recorded_shown_and_withdrawn_on_their_page(boss, team, carrier, client, time_machine):
    time_machine.move_to(FRIDAY, tick=False)
    CardFactory(team=team, carrier=carrier, region="广东")
    client.force_login(boss)
    facts = {"carrier": carrier.pk, "kind": "maintenance", "title": "割接", "regions": "广东、广西", "source": ""}
    times = {"starts_at": "2026-11-28T00:00", "ends_at": "2026-11-28T06:00"}
    entry = reverse("lifecycle:notice-record")
    assert client.post(entry, facts | times | {"ends_at": "2026-11-27T06:00"}).status_code == 422
    assert client.post(entry, facts | times).status_code == 302
    said = CarrierNotice.objects.get()
    assert (said.regions, said.recorded_by) == (["广东", "广西"], boss)
    page = client.get(NOTICES, {"month": "2026-11"})
    assert [(one.notice, one.cards) for one in page.context["noted"]] == [(said, 1)]
    assert [day.day.day for week in page.context["weeks"] for day in week if day.notices] == [28]
    assert client.get(NOTICES, {"month": "nonsense"}).status_code == 200
    client.post(reverse("lifecycle:notice-withdraw", args=[said.pk]))
    said.refresh_from_db()
    assert said.withdrawn_at == FRIDAY
    client.force_login(PersonFactory(role=Role.FINANCE))
    assert client.post(entry, facts | times).status_code == 403


def test_the_digest_comes_once_a_day_however_often_and_late_the_job_runs(boss, team):
    """R42: today's only; nothing of kinds one does not want; what rests is left out."""
    Preference.objects.create(user=boss, digest_at=FRIDAY.time())
    Subscription.objects.create(user=boss, topic="alert.idle", mode=Mode.NEVER)
    AlertFactory.create_batch(2, card__team=team)
    AlertFactory(card__team=team, snoozed_until=FRIDAY + 99 * HOUR)
    AlertFactory(card__team=team, kind=AlertKind.IDLE, code="idle_days")
    today = FRIDAY.astimezone(SHANGHAI).date()
    assert digest(on=today, now=FRIDAY - timedelta(minutes=1)) == {"sent": 0}
    assert digest(on=today, now=FRIDAY + HOUR) == {"sent": 1}
    assert digest(on=today, now=FRIDAY + HOUR) == digest(on=today, now=FRIDAY) == {"sent": 0}
    assert digest(on=today, now=FRIDAY + timedelta(days=3)) == {"sent": 0}, "yesterday's is not sent any more"
    assert (InboxItem.objects.get().params["count"], Message.objects.get().email) == (2, boss.email)
    assert digest(on=today + timedelta(days=3), now=FRIDAY + timedelta(days=3)) == {"sent": 1}

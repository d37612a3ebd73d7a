"""The downtime report: stops of a month by carrier, reason and team, in figures and as files (R41, R43)."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.services.states import change_service_state
from lifecycle.choices import DowntimeBy
from lifecycle.selectors.downtime import downtime
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory
from tests.factories.lifecycle import UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOW = FRIDAY
NOVEMBER = date(2026, 11, 1)


def changed(card, hours_ago: float, to: str, reason: str = "") -> None:
    at = NOW - timedelta(hours=hours_ago)
    change_service_state(card_id=card.pk, to=to, reason=reason, source="carrier_sms", at=at, actor=None, now=NOW)


@pytest.fixture
def stops():
    """One agent whose only card was stopped twice over, one with another card, one stop at the own request."""
    alone, spared = AgentFactory(), AgentFactory()
    first, second, third, own = (CardFactory(team=agent.user.team) for agent in (alone, spared, spared, alone))
    for card, agent in ((first, alone), (second, spared), (third, spared)):
        hand_over(card, agent, at=NOW - timedelta(days=9))
    UsageDailyFactory(card=first, day=(NOW - timedelta(days=2)).date(), calls=90)
    changed(first, 25.5, "half_stop", "arrears")
    changed(first, 20, "full_stop", "arrears")
    changed(first, 1.5, "active")
    changed(second, 1, "forced_stop", "violation")
    changed(own, 30, "voluntary_stop", "voluntary")
    return first, second


def test_a_stop_is_one_from_its_first_state_to_its_last(stops):
    """R41: one-way and two-way stop are one; who has another card in service does not stand still."""
    admin = PersonFactory(role=Role.ADMIN)
    report = downtime(NOVEMBER, DowntimeBy.REASON, user=admin, now=NOW)
    rows = {named.row.key: named.row for named in report.rows}
    assert set(rows) == {"arrears", "violation"}
    money, conduct = rows["arrears"], rows["violation"]
    assert (money.stops, money.restored, money.seconds, money.idle_agents) == (1, 1, 24 * 3600, 1)
    # From nine in the morning to nine: nine hours of calling at 40 CNY, as the policy is shipped.
    assert (money.calling_hours, money.to_restore, money.loss) == (Decimal("9.0"), Decimal("24.0"), Decimal("360.00"))
    assert (conduct.stops, conduct.restored, conduct.idle_agents, conduct.loss) == (1, 0, 0, Decimal("0.00"))
    assert (report.total.stops, report.total.seconds, report.is_illustrative) == (2, 25 * 3600, True)


def test_the_confirmed_cause_is_the_reason(stops):
    """R44: what the carrier said in a case that was open meanwhile, not what was recorded first."""
    case = CaseFactory(card=stops[1], kind="suspension", reason="violation")
    case.cause = "complaint"
    case.save(update_fields=["cause"])
    report = downtime(NOVEMBER, DowntimeBy.REASON, user=PersonFactory(role=Role.ADMIN), now=NOW)
    assert {named.row.key for named in report.rows} == {"arrears", "complaint"}


def test_page_and_files_show_the_scope_of_who_asks(stops, client, django_assert_max_num_queries):
    """R41: a supervisor's teams only; chart and table; a file is journalled; nonsense is refused."""
    first, _second = stops
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=first.team, language="en"))
    with django_assert_max_num_queries(25):
        page = client.get(reverse("lifecycle:downtime"), {"month": "2026-11", "by": "team"})
    assert [named.name for named in page.context["report"].rows] == [first.team.name]
    assert b"downtime-option" in page.content
    for suffix in ("csv", "xlsx"):
        file = client.get(reverse("lifecycle:downtime-export"), {"month": "2026-11", "by": "carrier", "format": suffix})
        (number,) = re.findall(rf"downtime-2026-11-carrier-(\w+)\.{suffix}", file["Content-Disposition"])
        assert Entry.objects.filter(related__contains=[f"lists.file:{number}"]).count() == 1
        content = b"".join(file.streaming_content) if file.streaming else file.content
        assert suffix == "xlsx" or first.carrier.name in content.decode()
    assert Entry.objects.filter(action="lifecycle.downtime_exported").count() == 2
    assert client.get(reverse("lifecycle:downtime"), {"by": "weather"}).status_code == 400

"""`can-call` for one callee: lists and repeats over all cards (issue 4, items 4 and 6)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from agents.choices import ListingKind
from agents.rules.callees import Entry
from agents.services.callees import list_number
from billing.choices import SourceRole
from billing.models import CalleeDay, UsageBatch, UsageRecord
from billing.services.partitions import ensure_days
from billing.tasks import gather_all_callees, gather_recent_callees
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CALLEE, WRITTEN = "+8613800001234", "138 0000 1234"
TODAY = business_day(FRIDAY)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def card(team):
    """A card in use by an agent of the team."""
    card = CardFactory(team=team)
    hand_over(card, AgentFactory(user__team=team), at=FRIDAY - timedelta(days=3), accepted_at=FRIDAY)
    card.refresh_from_db()
    return card


@pytest.fixture
def ask(team, card):
    """Ask over the API whether the card may call somebody."""
    api = APIClient()
    api.force_authenticate(PersonFactory(role=Role.SUPERVISOR, scope=team))
    return lambda callee=WRITTEN: api.get(f"/api/v1/cards/{card.pk}/can-call/", {"callee": callee})


@pytest.fixture
def source():
    return UsageSourceFactory(role=SourceRole.SWITCH)


def say(kind: str, **facts) -> None:
    entry = Entry(kind=ListingKind(kind), number=CALLEE, source="form", given_at=FRIDAY - timedelta(9), **facts)
    list_number(entry=entry, actor=None, now=FRIDAY)


def called(card, source, *ago: timedelta, direction: str = "out") -> None:
    """Store calls to the callee so long ago."""
    ensure_days(business_day(FRIDAY - each) for each in ago)
    batch = UsageBatch.objects.create(source=source, created_at=FRIDAY)
    for each in ago:
        UsageRecord.objects.create(
            card=card, started_at=FRIDAY - each, uid=uuid4(), source=source, batch=batch, msisdn=card.msisdn,
            direction=direction, counterpart=CALLEE, duration_s=20, answered=True, fee=0,
        )  # fmt: skip


def codes(answer) -> list[str]:
    return [reason["code"] for reason in answer.json()["reasons"]]


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_callee_who_agreed_may_be_called(ask):
    """R57: consent of record lets the call; the answer says what is left."""
    say("consent", purpose="sales")
    answer = ask().json()
    assert (answer["allowed"], answer["reasons"]) == (True, [])
    assert (answer["callee"]["consent"], answer["callee"]["day"]["left"]) == (True, 3)


def test_without_consent_or_after_a_refusal_nobody_is_called(ask):
    """R40, R57, R60, X11: no consent, no call; a refusal forbids it for good."""
    assert codes(ask()) == ["no_consent"]
    say("consent")
    say("do_not_call")
    answer = ask()
    assert codes(answer) == ["do_not_call"]
    assert answer.json()["allowed"] is False


def test_repeats_are_counted_over_all_cards(ask, card, source, team):
    """R40, X3: splitting calls over cards gains nothing, and no other card is named."""
    say("consent")
    called(card, source, HOUR, 23 * HOUR, 25 * HOUR)
    assert ask().json()["callee"]["day"]["used"] == 2
    other = CardFactory(team=TeamFactory())
    called(other, source, 2 * HOUR, 3 * DAY)
    called(other, source, 3 * HOUR, direction="in")
    assert ask().json()["callee"]["day"]["used"] == 2
    gather_all_callees(on=TODAY, now=FRIDAY)
    answer = ask()
    assert codes(answer) == ["callee_repeat"]
    assert (answer.json()["callee"]["day"]["used"], answer.json()["callee"]["month"]["used"]) == (3, 5)
    said = answer.content.decode()
    assert other.msisdn not in said
    assert other.masked_msisdn not in said


def test_one_call_that_two_sources_saw_is_one(ask, card, source):
    """R40: the role that saw most speaks."""
    other, carrier = CardFactory(), UsageSourceFactory(role=SourceRole.CARRIER)
    called(other, source, HOUR, 2 * HOUR)
    called(other, carrier, HOUR)
    gather_recent_callees(on=TODAY, now=FRIDAY)
    assert ask().json()["callee"]["day"]["used"] == 2


def test_gathering_runs_twice_and_forgets_what_is_old(card, source):
    called(card, source, HOUR, DAY, 20 * DAY)
    assert gather_recent_callees(on=TODAY, now=FRIDAY) == {"gathered": 2}
    assert gather_all_callees(on=TODAY, now=FRIDAY) == {"gathered": 3}
    assert gather_all_callees(on=TODAY, now=FRIDAY) == {"gathered": 3}
    gather_recent_callees(on=TODAY + timedelta(days=15), now=FRIDAY)
    assert CalleeDay.objects.count() == 2


@pytest.mark.parametrize("callee", ["", "138****1234", "nobody"])
def test_a_callee_that_is_no_number_is_bad_input(callee, ask):
    """R4: the number asked about is not repeated."""
    answer = ask(callee)
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "callee")
    assert "1234" not in answer.content.decode()


def test_a_callee_costs_no_query_of_its_own(ask, card, source, team):
    """A dialler asks before each call: all that is stored is read by one statement."""
    api = APIClient()
    api.force_authenticate(PersonFactory(role=Role.SUPERVISOR, scope=team))
    path = f"/api/v1/cards/{card.pk}/can-call/"
    api.get(path)
    with CaptureQueriesContext(
        connection,
    ) as without:
        api.get(path)
    called(card, source, *(HOUR * index for index in range(1, 9)))
    with CaptureQueriesContext(connection) as asked:
        api.get(path, {"callee": WRITTEN})
    assert len(asked) == len(without)

"""Stops that a file or failed calls tell of: a case each, unless they are works of the carrier (R34, R38)."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards.choices import ServiceState
from cards.models import Card
from lifecycle.choices import AlertKind
from lifecycle.models import Alert, AlertGroup, Case
from lifecycle.services.cases import close_case
from lifecycle.services.cases.found_stops import open_left, open_spoken
from lifecycle.services.policy import edit_policy
from lifecycle.services.readings import import_readings
from tests.conftest import FRIDAY
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, CarrierFactory
from tests.factories.lifecycle import CarrierNoticeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOW = FRIDAY
HEAD = "msisdn,read_at,service_state,stop_reason"


def told(cards, *, state="停机", reason="欠费", now=NOW):
    """Import a carrier's list that says so of some cards."""
    at = f"{now - timedelta(minutes=5):%Y-%m-%d %H:%M}"
    lines = "\n".join([HEAD, *(f"{card.msisdn[3:]},{at},{state},{reason}" for card in cards)])
    return import_readings(file=io.BytesIO(lines.encode()), name="states.csv", actor=None, now=now)


def test_a_stop_in_a_file_opens_a_case_in_the_same_go():
    """R34, R36: once, with its reason; a second file changes nothing, and administrators may switch it off."""
    owing, forced, off = CardFactory.create_batch(3)
    assert told([owing]).states == 1
    told([forced], state="强制停机", reason="违规")
    told([owing])
    assert set(Case.objects.values_list("card", "reason", "source")) == {
        (owing.pk, "arrears", "import"),
        (forced.pk, "violation", "import"),
    }
    edit_policy(changes={"opens_from_import": False}, actor=None, now=NOW)
    told([off])
    assert not Case.objects.filter(card=off).exists()


def test_many_stops_are_opened_in_as_many_statements_as_few():
    """R34: set-based, whatever the number of cards."""
    carrier = CarrierFactory()
    few, many = CardFactory.create_batch(1, carrier=carrier), CardFactory.create_batch(6, carrier=carrier)
    counts = []
    for cards in (few, many):
        with CaptureQueriesContext(connection) as asked:
            told(cards)
        counts.append(len(asked))
    assert counts[1] <= counts[0]
    assert Case.objects.count() == 7


def test_works_of_a_carrier_are_one_matter():
    """R38: a mass stop opens no thousand cases; its alerts are one group; what outlasts the works has its case."""
    agent, carrier = AgentFactory(), CarrierFactory()
    cards = CardFactory.create_batch(21, carrier=carrier, team=agent.user.team)
    for card in cards:
        hand_over(card, agent, at=NOW - timedelta(days=1))
    told(cards, reason="系统维护")
    assert not Case.objects.exists()
    assert Alert.objects.open().filter(kind=AlertKind.STOPPED).count() == 21
    assert AlertGroup.objects.filter(closed_at=None).count() == 1
    later = NOW + timedelta(hours=3)
    Card.objects.filter(pk__in=[card.pk for card in cards[1:]]).update(service_state=ServiceState.ACTIVE)
    assert open_left(now=later) == {"opened": 1}
    assert open_left(now=later) == {"opened": 0}
    case = Case.objects.get()
    assert case.source == "system"
    close_case(case_id=case.pk, outcome="withdrawn", actor=None, now=later)
    assert open_left(now=later + timedelta(minutes=30)) == {"opened": 0}, "one stop has one case"


def test_failed_calls_open_a_case_where_administrators_want_it():
    """R34, R37: off as shipped; then a case of unknown cause, once."""
    card = CardFactory()
    assert open_spoken(card_ids=[card.pk], now=NOW) == []
    edit_policy(changes={"opens_from_signal": True}, actor=None, now=NOW)
    (case,) = open_spoken(card_ids=[card.pk], now=NOW)
    assert (case.source, case.reason) == ("signal", "unknown")
    assert open_spoken(card_ids=[card.pk], now=NOW) == []


def test_what_a_notice_explains_waits_for_its_end():
    """R38, R51: during announced works a stop without another reason opens nothing."""
    card = CardFactory()
    CarrierNoticeFactory(carrier=card.carrier, starts_at=NOW - timedelta(hours=1))
    told([card], reason="系统维护")
    assert not Case.objects.exists()
    told([CardFactory(carrier=card.carrier)], reason="欠费")
    assert Case.objects.count() == 1

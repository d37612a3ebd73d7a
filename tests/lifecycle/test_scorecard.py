"""The carrier scorecard: what a month's states, money and complaints say of a carrier (R43)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import SHANGHAI
from cards.choices import ServiceState, StopReason
from cards.models import CardChange
from lifecycle.selectors.scorecard import scorecard
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import ComplaintFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
OCTOBER = date(2026, 10, 1)
BEGAN = datetime(2026, 9, 1, tzinfo=SHANGHAI)


def changed(card, at: datetime, to: str, *, of: str = "active", reason: str = "", axis: str = "service") -> CardChange:
    return CardChange.objects.create(
        card=card, axis=axis, from_state=of, to_state=to, reason=reason, at=at, recorded_at=at, source="person"
    )


def card_since_september(**facts):
    card = CardFactory(**facts)
    CardChange.objects.filter(card=card).exists() or changed(card, BEGAN, ServiceState.ACTIVE, of="")
    return card


def test_a_month_of_a_carrier():
    """R43: stops by the carrier, time stood still, faults, complaints; a stop taken back never was."""
    team = TeamFactory()
    stopped = card_since_september(team=team)
    carrier = stopped.carrier
    begin = datetime(2026, 10, 1, tzinfo=SHANGHAI)
    changed(stopped, begin + timedelta(hours=31), ServiceState.FULL_STOP, reason=StopReason.ARREARS)
    changed(stopped, begin + timedelta(hours=62), ServiceState.ACTIVE, of="full_stop")
    quiet = card_since_september(team=team, carrier=carrier)
    changed(quiet, begin + timedelta(days=2), "faulty", of="issued", axis="custody")
    wrong = changed(quiet, begin + timedelta(days=3), ServiceState.FORCED_STOP, reason=StopReason.VIOLATION)
    CardChange.objects.create(
        card=quiet, axis="service", from_state="forced_stop", to_state="active", at=wrong.at, recorded_at=wrong.at,
        source="person", reverses=wrong,
    )  # fmt: skip
    own = card_since_september(team=team, carrier=carrier)
    changed(own, begin, ServiceState.VOLUNTARY_STOP, reason=StopReason.VOLUNTARY)
    card_since_september(team=TeamFactory(), carrier=carrier)
    ComplaintFactory(card=quiet, received_at=begin + timedelta(days=5))
    ComplaintFactory(card=quiet, received_at=begin + timedelta(days=5), kind="notified")
    (score,) = scorecard(OCTOBER, user=PersonFactory(role=Role.SUPERVISOR, scope=team), now=FRIDAY)
    assert (score.cards, score.stopped, score.faulty, score.complaints) == (3, 1, 1, 1)
    assert (score.stop_rate, score.fault_rate, score.complaint_rate) == (Decimal("33.3"),) * 3
    assert (score.downtime, score.down_hours) == (Decimal("1.4"), Decimal("31.0"))
    assert score.cost is None


def test_the_page_shows_chart_and_table_and_invents_nothing():
    """R43: what is not recorded is said to be so; another month by its address, no month is refused."""
    card_since_september()
    client = Client()
    client.force_login(PersonFactory(role=Role.FINANCE, language="en"))
    page = client.get(reverse("lifecycle:carriers"), {"month": "2026-10"}).content.decode()
    assert "carriers-option" in page
    assert "not recorded yet" in page
    assert client.get(reverse("lifecycle:carriers"), {"month": "October"}).status_code == 400

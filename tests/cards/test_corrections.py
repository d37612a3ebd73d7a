"""A state recorded by mistake is taken back by a reversing row, also a final one (domain.md section 4)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotVisible
from cards.choices import Axis, ServiceState, StopReason
from cards.errors import CorrectionMissesReason, NothingToCorrect, NumberLivesElsewhere
from cards.models import Card, CardChange
from cards.services.corrections import correct_state
from cards.services.states import change_service_state
from tests.conftest import FRIDAY
from tests.factories.cards import RECORDED, CardFactory

pytestmark = pytest.mark.django_db


def change(card: Card, to: str, days: int, reason: str = "") -> CardChange:
    """Record a change some days after the card entered."""
    at = RECORDED + timedelta(days=days)
    return change_service_state(
        card_id=card.pk, to=to, reason=reason, source="carrier_app", at=at, actor=None, now=FRIDAY
    )


def correct(card: Card, reason: str = "the other card was meant") -> CardChange:
    return correct_state(card_id=card.pk, reason=reason, actor=None, now=FRIDAY)


def state(card: Card) -> tuple:
    card.refresh_from_db()
    return card.service_state, card.stop_reason, (card.service_since - RECORDED).days


def test_a_final_state_recorded_by_mistake_is_taken_back():
    """R34: the card is what it was before, since when it was; the mistake and its correction stay to be read."""
    card = CardFactory()
    change(card, ServiceState.FULL_STOP, 3, StopReason.ARREARS)
    mistake = change(card, ServiceState.CANCEL_PENDING, 5)
    correct(card)
    assert state(card) == ("full_stop", "arrears", 3)
    mistake = change(card, ServiceState.PRE_CANCELLED, 6)
    change(card, ServiceState.CANCELLED, 7)
    correct(card)
    assert state(card) == ("pre_cancelled", "arrears", 6)
    correction = correct(card)
    assert state(card) == ("full_stop", "arrears", 3)
    assert (correction.reverses, correction.at, correction.note) == (mistake, mistake.at, "the other card was meant")
    assert CardChange.objects.filter(card=card, axis=Axis.SERVICE).count() == 8
    entry = Entry.objects.filter(action="cards.service_state_corrected").latest("id")
    assert (entry.subject, entry.reason) == (f"cards.card:{card.pk}", "the other card was meant")


@pytest.mark.parametrize("final", [ServiceState.PORTED_OUT, ServiceState.TRANSFERRED])
def test_no_final_state_is_a_dead_end(final):
    card = CardFactory()
    change(card, final, 4)
    correct(card)
    assert state(card) == ("active", "", 0)


def test_after_a_correction_the_true_state_is_recorded_with_its_true_time():
    """What was taken back bars no earlier time, and a withdrawn cancellation still knows where it began."""
    card = CardFactory()
    change(card, ServiceState.FULL_STOP, 2, StopReason.ARREARS)
    change(card, ServiceState.CANCEL_PENDING, 3)
    change(card, ServiceState.CANCELLED, 9)
    correct(card)
    change(card, ServiceState.FULL_STOP, 4, StopReason.ARREARS)
    assert state(card) == ("full_stop", "arrears", 4)


def test_an_added_reason_is_taken_back_alone():
    card = CardFactory()
    change(card, ServiceState.HALF_STOP, 2, StopReason.HIGH_FEE)
    change(card, ServiceState.HALF_STOP, 3, StopReason.ARREARS)
    assert state(card) == ("half_stop", "arrears", 2)
    correct(card)
    assert state(card) == ("half_stop", "high_fee", 2)


def test_what_is_not_corrected():
    card = CardFactory()
    with pytest.raises(NothingToCorrect):
        correct(card)
    change(card, ServiceState.PORTED_OUT, 4)
    with pytest.raises(CorrectionMissesReason):
        correct(card, "  ")
    with pytest.raises(NotVisible):
        correct(Card(pk=0))
    CardFactory(msisdn=card.msisdn)
    with pytest.raises(NumberLivesElsewhere):
        correct(card)
    assert state(card)[0] == "ported_out"


def test_a_row_is_taken_back_once():
    """Held by the database itself."""
    card = CardFactory()
    change(card, ServiceState.HALF_STOP, 2, StopReason.ARREARS)
    mistake = correct(card).reverses
    with pytest.raises(IntegrityError), transaction.atomic():
        CardChange.objects.create(
            card=card, axis=Axis.SERVICE, to_state="active", at=FRIDAY, recorded_at=FRIDAY, reverses=mistake
        )

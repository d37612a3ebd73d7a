"""Two writers at the same moment: one waits, then sees what the other did; nothing is lost or doubled."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from cardfleet.kernel.errors import Conflict
from cards.choices import Axis, ChangeSource, ServiceState, StopReason
from cards.errors import ChangeRefused
from cards.models import Card
from cards.services.card_import import import_cards
from cards.services.states import change_service_state
from tests.cards.files import HEADER, iccid, sheet
from tests.conftest import FRIDAY
from tests.factories.cards import CardFactory, CarrierFactory

pytestmark = pytest.mark.django_db(transaction=True)


def beside(first, second) -> Exception | None:
    """Run `first` in an open transaction, `second` beside it, commit the first; return what the second raised."""
    begun, asked = Event(), Event()

    def rival() -> Exception | None:
        begun.wait(timeout=30)
        asked.set()
        try:
            second()
        except Exception as error:  # noqa: BLE001 - what it raised is what is asserted on
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(max_workers=1) as pool:
        running = pool.submit(rival)
        with transaction.atomic():
            first()
            begun.set()
            asked.wait(timeout=30)
        return running.result(timeout=30)


def stop(card: Card) -> None:
    """Record a stop."""
    change_service_state(
        card_id=card.pk,
        to=ServiceState.HALF_STOP,
        reason=StopReason.ARREARS,
        source=ChangeSource.CARRIER_SMS,
        at=FRIDAY,
        actor=None,
        now=FRIDAY,
    )


def test_the_same_change_twice_at_once_is_one_change():
    card = CardFactory()
    raised = beside(lambda: stop(card), lambda: stop(card))
    assert isinstance(raised, ChangeRefused)
    assert card.changes.filter(axis=Axis.SERVICE, to_state="half_stop").count() == 1


def test_import_beside_a_new_card_of_the_same_number_stores_nothing():
    carrier = CarrierFactory(name="中国移动")
    file = sheet(HEADER, (iccid(1), "13800000001", "中国移动"), (iccid(2), "13800000002", "中国移动"))
    raised = beside(
        lambda: CardFactory(msisdn="+8613800000002", carrier=carrier),
        lambda: import_cards(sheet=file, create_missing=False, team=None, reason="", actor=None, now=FRIDAY),
    )
    # The import either waited for the rival's row or had not looked yet; it never stores a number twice.
    assert raised is None or isinstance(raised, Conflict)
    assert Card.objects.filter(msisdn="+8613800000002").count() == 1
    assert Card.objects.count() == (1 if raised else 2)

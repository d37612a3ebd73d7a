"""Cards put into devices and taken out: the one writer of a recorded card's IMEI.

In which phone a card was is kept by the database (`cards.models.card`). Whether a card may be put into another phone
again rules decide, which only higher apps see: pages and API call `lifecycle.services.rebinding`.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.transactions import one_transaction
from cards.choices import ENDED, CustodyState
from cards.errors import DeviceRefused
from cards.models import Card, Device
from cards.rules.devices import crowded, unusable
from cards.services.devices import cards_held


@one_transaction
def put_card_in(*, card_id: int, device_id: int, actor: User | None, now: datetime, note: str = "") -> Card:
    """Put a card into a device, out of the one it was in; DeviceRefused where the device or the card forbids it."""
    card = Card.objects.locked().get(pk=card_id)
    device = Device.objects.locked().get(pk=device_id)
    if reasons := _refusals(card, device):
        raise DeviceRefused(reasons=reasons)
    _write(card, device.imei, now)
    record(actor=actor, action="cards.card_put_in", subject=card, related=(device,), reason=note, now=now)
    return card


@one_transaction
def take_card_out(
    *, card_id: int, actor: User | None, now: datetime, note: str = "", device_id: int | None = None
) -> Card:
    """Take a card out of the device it is in; DeviceRefused where it is in none, or in another than the one meant."""
    card = Card.objects.locked().get(pk=card_id)
    left = tuple(Device.objects.of_imei(card.device_imei))
    if not card.device_imei or (device_id and device_id not in [device.pk for device in left]):
        raise DeviceRefused(message=_("The card is not in this device."))
    _write(card, "", now)
    record(actor=actor, action="cards.card_taken_out", subject=card, related=left, reason=note, now=now)
    return card


def _refusals(card: Card, device: Device) -> list[Reason]:
    if card.device_imei in device.imeis:
        return [Reason(code="in_it_already", message=_("The card is in this device already."), field="device")]
    found = [unusable(device.state), crowded(cards_held(device.imeis), device.sim_slots, more=1)]
    if card.service_state in ENDED or card.custody_state == CustodyState.DESTROYED:
        message = _("The card is used up: its number is no longer ours, or the plastic is destroyed.")
        found.append(Reason(code="card_used_up", message=message, clears=_("Choose another card."), field="card"))
    return [reason for reason in found if reason]


def _write(card: Card, imei: str, now: datetime) -> None:
    card.device_imei, card.updated_at = imei, now
    card.save(update_fields=["device_imei", "updated_at"])

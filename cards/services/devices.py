"""The register of devices: recorded, changed, laid aside (R26, R80). An IMEI is never edited (X5)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.editing import assign, check
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.reading import Unreadable
from cardfleet.kernel.transactions import one_transaction
from cards.choices import DeviceState
from cards.errors import DeviceRefused
from cards.models import Device, DeviceUse
from cards.querysets import CardQuerySet
from cards.rules.devices import MOST_SLOTS, banned, crowded, read_device_imei, state_refusal, still_holding

EDITABLE = frozenset(
    {"imei2", "kind", "model", "owner", "team", "network", "sim_forms", "sim_slots", "licence_no", "note"}
)
TOLD = ("kind", "model")


@one_transaction
def record_device(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Device:
    """Record a device from values by field name, in order.

    BadInput names what does not hold; DeviceRefused where its kind or model says gateway, SIM bank or modem pool, or
    where more cards are known to be in it than it has slots.
    """
    device = Device(created_at=now, updated_at=now)
    refuse_banned(facts)
    imeis = {"imei": _imei(facts.get("imei", "")), **_second(facts)}
    named = assign(device, {**facts, **imeis}, editable=EDITABLE | {"imei"})
    _refuse_crowded(device)
    device.save(force_insert=True)
    record(actor=actor, action="cards.device_recorded", subject=device, now=now, data={"fields": named})
    return device


@one_transaction
def edit_device(*, device_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Device:
    """Change what is known of a device, never an IMEI that is recorded; errors as `record_device`."""
    device = Device.objects.locked().get(pk=device_id)
    refuse_banned(changes)
    second = _second(changes)
    if device.imei2 and second.get("imei2", device.imei2) != device.imei2:
        message = _("An IMEI that is recorded is not changed. Record the device anew where it is wrong.")
        raise BadInput(reasons=[Reason(code="imei_kept", message=message, field="imei2")])
    changed = assign(device, {**changes, **second}, editable=EDITABLE)
    if changed:
        _refuse_crowded(device)
        device.updated_at = now
        device.save(update_fields=[*changed, "updated_at"])
        record(actor=actor, action="cards.device_edited", subject=device, now=now, data={"fields": changed})
    return device


@one_transaction
def change_device_state(*, device_id: int, to: str, note: str, actor: User | None, now: datetime) -> Device:
    """Record that a device is in order, under repair, lost or retired; DeviceRefused names what it may become."""
    device = Device.objects.locked().get(pk=device_id)
    before = device.state
    if reason := state_refusal(before, to, held=cards_held(device.imeis)):
        raise DeviceRefused(reasons=[reason])
    device.state, device.updated_at = DeviceState(to), now
    device.save(update_fields=["state", "updated_at"])
    data = {"from": before, "to": to}
    record(actor=actor, action="cards.device_state_changed", subject=device, reason=note, now=now, data=data)
    return device


@one_transaction
def supersede_device(*, device_id: int, imei: str, reason: str, actor: User | None, now: datetime) -> Device:
    """Record a device anew under the IMEI it really has; the record that was typed wrongly stays and names this one.

    Return the new record. DeviceRefused while cards are in the wrong one: they are taken out and put into the new
    record, which counts as any change of phone. BadInput without a reason, or for an IMEI that is none.
    """
    wrong = Device.objects.locked().get(pk=device_id)
    if not reason.strip():
        message = _("Say what was wrong. The reason is kept in the journal.")
        raise BadInput(reasons=[Reason(code="reason_missing", message=message, field="reason")])
    if wrong.state == DeviceState.SUPERSEDED:
        raise DeviceRefused(message=_("This record is superseded already. Correct the one that took its place."))
    if cards_held(wrong.imeis):
        raise DeviceRefused(reasons=[still_holding()])
    right = Device(created_at=now, updated_at=now, state=wrong.state, imei=_imei(imei))
    for name in EDITABLE:
        setattr(right, name, getattr(wrong, name))
    right.imei2 = "" if wrong.imei2 == right.imei else wrong.imei2
    Device.objects.filter(pk=wrong.pk).update(imei2="")  # it goes with the device, as no two records have one IMEI
    check(right)
    _refuse_crowded(right)
    right.save(force_insert=True)
    wrong.state, wrong.superseded_by, wrong.updated_at = DeviceState.SUPERSEDED, right, now
    wrong.save(update_fields=["state", "superseded_by", "updated_at"])
    record(actor=actor, action="cards.device_superseded", subject=wrong, related=(right,), reason=reason, now=now)
    return right


def cards_held(imeis: Collection[str]) -> int:
    """Return how many cards are now in the device of these IMEIs."""
    return DeviceUse.objects.filter(imei__in=imeis, until=None).count()


def refuse_banned(facts: Mapping[str, Any]) -> None:
    """Refuse equipment that nobody may use, by what its kind and model say (X2)."""
    reasons = [reason for name in TOLD if (reason := banned(str(facts.get(name) or ""), field=name))]
    if reasons:
        raise DeviceRefused(message=reasons[0].message, reasons=reasons)


def _refuse_crowded(device: Device) -> None:
    """Refuse a record of fewer slots than cards are in the device."""
    if reason := crowded(cards_held(device.imeis), device.sim_slots, more=0):
        raise DeviceRefused(reasons=[reason])


def _imei(text: str, *, field: str = "imei") -> str:
    try:
        return read_device_imei(text)
    except Unreadable as error:
        raise BadInput(reasons=[error.as_reason(field=field, value=text[:40])]) from None


def _second(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the second IMEI as it is stored, where the facts tell of one or of none."""
    text = facts.get("imei2")
    if text is None:
        return {}
    return {"imei2": _imei(text, field="imei2") if text.strip() else ""}


@one_transaction
def adopt_phones(*, cards: CardQuerySet, actor: User | None, now: datetime) -> int:
    """Record the phones that cards are in and the register does not know, with the team of a card in it.

    Return how many. A device with more cards than a phone has slots is not recorded: it stays to be looked at.
    """
    found = [
        Device(imei=imei, team_id=team, created_at=now, updated_at=now)
        for imei, held, team in unrecorded(cards)
        if not crowded(held, MOST_SLOTS, more=0)
    ]
    Device.objects.bulk_create(found)
    deeds = [
        Deed(action="cards.device_recorded", subject=device, data={"fields": ["imei", "team"]}) for device in found
    ]
    record_many(deeds, actor=actor, now=now)
    return len(found)


def unrecorded(cards: CardQuerySet) -> "QuerySet[DeviceUse, tuple[str, int, int | None]]":
    """Return IMEI, number of cards and team of the devices that cards are in and the register does not know."""
    uses = DeviceUse.objects.filter(until=None, imei__regex=r"^[0-9]{15}$", card__in=cards.order_by().values("pk"))
    known = Q(imei__in=Device.objects.values("imei")) | Q(imei__in=Device.objects.values("imei2"))
    unknown = uses.exclude(known).order_by("imei").values_list("imei")
    return unknown.annotate(held=Count("pk"), team=Min("card__team"))


def place_for(imei: str) -> str:
    """Return the IMEI under which a further card is put into a device: the first of one that is in the register.

    DeviceRefused where the device is full, whether it is in the register or not.
    """
    if not imei:
        return ""
    device = Device.objects.of_imei(imei).first()
    imeis, slots = (device.imeis, device.sim_slots) if device else ([imei], MOST_SLOTS)
    if reason := crowded(cards_held(imeis), slots, more=1):
        raise DeviceRefused(reasons=[reason])
    return imeis[0]

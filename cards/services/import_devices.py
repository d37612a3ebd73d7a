"""What card files say of phones: taken for cards that were in none yet, no way around the counters (R33, X2)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from cards.importers.columns import PlainLines
from cards.models import Device, DeviceUse
from cards.rules.devices import MOST_SLOTS, crowded
from cards.services.import_rows import Meeting


def settle_devices(meetings: Sequence[Meeting]) -> None:
    """Leave phones of cards that were in one before, and refuse lines that crowd a device; five statements at most."""
    _name_by_first(meetings)
    telling = [meeting for meeting in meetings if meeting.row.device_imei not in (None, meeting.card.device_imei)]
    if not telling:
        return
    _keep_known(telling)
    _refuse_crowds([meeting for meeting in telling if meeting.row.device_imei])


def unshared(lines: PlainLines) -> PlainLines:
    """Return the lines whose phone no other line names and no card is in; the others are looked at by the rules."""
    told = lines.values.get("device_imei")
    if told is None:
        return lines
    times = Counter(told)
    named = [imei for imei in times if imei]
    used = set(DeviceUse.objects.filter(imei__in=named, until=None).values_list("imei"))
    used |= set(Device.objects.filter(imei2__in=named).values_list("imei2"))
    return lines.only([imei is None or (times[imei] == 1 and (imei,) not in used) for imei in told])


def _name_by_first(meetings: Sequence[Meeting]) -> None:
    """Let a second IMEI lead to the device, which its first one names."""
    told = {meeting.row.device_imei for meeting in meetings if meeting.row.device_imei}
    firsts = dict(Device.objects.filter(imei2__in=told).values_list("imei2", "imei")) if told else {}
    for meeting in meetings:
        if first := firsts.get(meeting.row.device_imei or ""):
            meeting.row = replace(meeting.row, device_imei=first)


def _keep_known(telling: Sequence[Meeting]) -> None:
    old = [meeting for meeting in telling if not meeting.is_new]
    cards = DeviceUse.objects.filter(card__in=[meeting.card.pk for meeting in old]).values_list("card", flat=True)
    bound = set(cards) if old else set()
    for meeting in old:
        if meeting.card.pk in bound:
            message = _(
                "The card was in another phone, so this one was left. Change it on its page, where it is counted."
            )
            meeting.warn("device_kept", message, name="imei", value=meeting.row.device_imei or "")
            meeting.row = replace(meeting.row, device_imei=None)


def _refuse_crowds(entering: Sequence[Meeting]) -> None:
    imeis = {meeting.row.device_imei for meeting in entering}
    inside = DeviceUse.objects.filter(imei__in=imeis, until=None).order_by().values_list("imei")
    held = Counter(dict(inside.annotate(cards=Count("pk"))))
    slots = dict(Device.objects.filter(imei__in=imeis).values_list("imei", "sim_slots"))
    for meeting in entering:
        imei = meeting.row.device_imei or ""
        if reason := crowded(held[imei], slots.get(imei, MOST_SLOTS), more=1):
            meeting.refuse(reason.code, reason.message, clears=reason.clears, name="imei", value=imei)
        else:
            held[imei] += 1

"""The list of devices, the page of one, and a card's phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from cardfleet.accounts.models import User
from cardfleet.journal.recording import subject_of
from cardfleet.journal.selectors import Told, timeline
from cardfleet.kernel.errors import Reason
from cards.models import Card, Device, DeviceUse
from cards.querysets import DeviceQuerySet
from cards.rules.devices import misfits
from lifecycle.selectors.rebinding import NextChange, next_change

SORTS = {
    "imei": "imei",
    "model": "model",
    "team": "team__path",
    "network": "network",
    "state": "state",
    "cards": "cards_in",
    "recorded": "pk",
}
HISTORY = 50
# A card in the device of the outer query; no card is in one without an IMEI.
IN_IT = Q(imei=OuterRef("imei")) | Q(imei=OuterRef("imei2"))


@dataclass(frozen=True, kw_only=True)
class Inside:
    """A card in a device now, and what does not fit."""

    use: DeviceUse
    warnings: Sequence[Reason]


@dataclass(frozen=True, kw_only=True)
class DevicePage:
    """What the page of a device shows; `others` counts cards in it that the person does not see."""

    device: Device
    inside: Sequence[Inside]
    others: int
    history: Sequence[DeviceUse]
    told: Sequence[Told]


@dataclass(frozen=True, kw_only=True)
class CardPhones:
    """A card's present device (none where its IMEI is not in the register), its earlier ones, and the next change."""

    device: Device | None
    warnings: Sequence[Reason]
    uses: Sequence[DeviceUse]
    next: NextChange


def with_cards(devices: DeviceQuerySet) -> DeviceQuerySet:
    """Return devices with `cards_in`, how many cards are in each."""
    inside = DeviceUse.objects.filter(IN_IT, until=None).order_by().values("until")
    return devices.annotate(cards_in=Coalesce(Subquery(inside.annotate(cards=Count("pk")).values("cards")), 0))


def device_list(devices: DeviceQuerySet, *, number: str, size: int, sort: str) -> Page[Device]:
    """Return a page of already filtered and scoped devices, the latest first unless a sort is asked for."""
    order = F(SORTS.get(sort.removeprefix("-"), "pk"))
    is_rising = sort in SORTS
    listed = with_cards(devices).select_related("owner", "team")
    return Paginator(listed.order_by(order.asc() if is_rising else order.desc(), "pk"), size).get_page(number)


def device_page(device: Device, person: User) -> DevicePage:
    """Return what the page of a device in scope shows; of its cards those the person sees."""
    uses = DeviceUse.objects.filter(imei__in=device.imeis).select_related("card__carrier", "card__holder")
    seen = uses.filter(card__in=Card.objects.visible_to(person))
    inside = list(seen.filter(until=None).order_by("pk"))
    return DevicePage(
        device=device,
        inside=[Inside(use=use, warnings=fit_of(use.card, device)) for use in inside],
        others=uses.filter(until=None).count() - len(inside),
        history=list(seen.exclude(until=None).order_by("-pk")[:HISTORY]),
        told=timeline(subject_of(device), limit=HISTORY),
    )


def card_phones(card: Card, *, now: datetime) -> CardPhones:
    """Return in which phones a card was, and what its next change of phone would meet."""
    device = Device.objects.of_imei(card.device_imei).select_related("owner").first() if card.device_imei else None
    return CardPhones(
        device=device,
        warnings=fit_of(card, device) if device else [],
        uses=list(card.device_uses.order_by("-pk")[:HISTORY]),
        next=next_change(card, now=now),
    )


def fit_of(card: Card, device: Device) -> list[Reason]:
    """Return what does not fit between a card and a device, or is missing of the device (R80)."""
    return misfits(
        sim_form=card.sim_form,
        network=card.network,
        forms=device.sim_forms,
        best=device.network,
        licence_no=device.licence_no,
    )

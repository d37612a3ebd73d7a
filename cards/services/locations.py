"""Storage places and slots: recorded, changed, and cards put into them (R7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cardfleet.kernel.transactions import one_transaction
from cards.errors import NoRoom
from cards.models import Card, Location
from cards.rules.stock import STORED, no_room, numbered

EDITABLE = frozenset({"name", "within", "capacity", "custodian", "is_active", "note"})


@dataclass(frozen=True, kw_only=True)
class Moved:
    """The cards that lie at the place now, and why others stay where they are."""

    cards: Sequence[Card]
    refused: Sequence[Reason]


@one_transaction
def record_location(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Location:
    """Record a place from values by field name; BadInput names the fields that do not hold."""
    location = Location()
    named = assign(location, facts, editable=EDITABLE)
    _refuse_nesting(location)
    location.save(force_insert=True)
    record(actor=actor, action="cards.location_recorded", subject=location, now=now, data={"fields": named})
    return location


@one_transaction
def edit_location(*, location_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Location:
    """Change a place. A new name is written on the cards that name the old one, so that they go on lying there."""
    location = _locked(location_id)
    before = location.name
    changed = assign(location, changes, editable=EDITABLE)
    _refuse_nesting(location)
    if not changed:
        return location
    location.save(update_fields=changed)
    if location.name != before:
        Card.objects.filter(location=before).update(location=location.name, updated_at=now)
    record(actor=actor, action="cards.location_edited", subject=location, now=now, data={"fields": changed})
    return location


@one_transaction
def add_slots(
    *, location_id: int, count: int, capacity: int | None, actor: User | None, now: datetime
) -> Sequence[Location]:
    """Record the slots of a place, numbered from 1 on; those that are there already stay as they are."""
    location = _locked(location_id)
    if location.within_id:
        raise BadInput(reasons=[_nested()])
    known = set(location.slots.values_list("name", flat=True))
    facts = {"within": location, "capacity": capacity}
    return [
        record_location(facts={"name": name, **facts}, actor=actor, now=now)
        for name in numbered(location.name, count)
        if name not in known
    ]


@one_transaction
def move_cards(
    *, location_id: int, card_ids: Collection[int], actor: User | None, now: datetime, reason: str = ""
) -> Moved:
    """Put cards into a place. Cards in somebody's hands stay, each with its reason; NoRoom when the rest do not fit."""
    location = _locked(location_id)
    found = list(Card.objects.filter(pk__in=card_ids).locked())
    stored = [card for card in found if card.custody_state in STORED and not card.holder_id]
    coming = [card for card in stored if card.location != location.name]
    if full := no_room(location.name, location.capacity, lying(location), len(coming)):
        raise NoRoom(reasons=[full])
    deeds = [
        Deed(
            action="cards.card_moved",
            subject=card,
            related=(location,),
            reason=reason,
            data={"from": card.location, "to": location.name},
        )
        for card in coming
    ]
    Card.objects.filter(pk__in=[card.pk for card in coming]).update(location=location.name, updated_at=now)
    record_many(deeds, actor=actor, now=now)
    for card in coming:
        card.location = location.name
    return Moved(cards=stored, refused=[_held(card) for card in found if card not in stored])


def lying(location: Location) -> int:
    """Return how many cards lie at a place, its slots apart."""
    return Card.objects.filter(location=location.name, custody_state__in=STORED, holder=None).count()


def _locked(location_id: int) -> Location:
    location = Location.objects.select_for_update().filter(pk=location_id).first()
    if location is None:
        raise NotVisible
    return location


def _refuse_nesting(location: Location) -> None:
    """A slot has no slots: two levels are what people find again."""
    if location.within and (location.within.within_id or location.within_id == location.pk or _has_slots(location)):
        raise BadInput(reasons=[_nested()])


def _has_slots(location: Location) -> bool:
    return bool(location.pk) and location.slots.exists()


def _nested() -> Reason:
    return Reason(code="slot_of_slot", field="within", message=_("A slot has no slots of its own. Choose a place."))


def _held(card: Card) -> Reason:
    return Reason(
        code="in_hands",
        message=_("The card is not in stock, so it lies in no place."),
        clears=_("Take it back first."),
        value=card.masked_msisdn,
    )

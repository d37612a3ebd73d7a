"""Putting many cards into a storage place (R7)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.errors import NoRoom
from cards.models import Location
from cards.services.locations import move_cards
from cards.services.many_facts import set_locations
from lifecycle.bulk.registry import (
    SET_BASED,
    Asked,
    BulkAction,
    BulkForm,
    Outcomes,
    as_one,
    changed_since,
    register,
)


class PlaceForm(BulkForm):
    """Which place."""

    location = forms.ModelChoiceField(Location.objects.filter(is_active=True), label=_("Storage location"))


def put_into_place(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Put the cards into the place; those in hands stay, and all where they do not fit."""
    place = asked.given["location"]
    before = dict(asked.cards.filter(pk__in=card_ids).values_list("pk", "location"))
    outcomes = Outcomes()
    try:
        moved = move_cards(location_id=place.pk, card_ids=card_ids, actor=asked.actor, now=asked.now)
    except NoRoom as refusal:
        outcomes.refuse_all(card_ids, as_one(refusal))
        return outcomes
    for card in moved.cards:
        is_new = before[card.pk] != place.name
        outcomes.done[card.pk] = {"before": before[card.pk], "place": place.name} if is_new else {}
    for why in moved.refused[:1]:
        outcomes.refuse_all([card_id for card_id in card_ids if card_id not in outcomes.done], replace(why, value=""))
    return outcomes


def put_back(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Put the cards that still lie at the job's place where they lay before."""
    now_at = dict(asked.cards.filter(pk__in=left, holder=None).values_list("pk", "location"))
    still = {card_id: one["before"] for card_id, one in left.items() if now_at.get(card_id) == one["place"]}
    set_locations(places=still, actor=asked.actor, now=asked.now)
    outcomes = Outcomes(done={card_id: {} for card_id in still})
    outcomes.refuse_all([card_id for card_id in left if card_id not in still], changed_since())
    return outcomes


register(
    BulkAction(
        name="place",
        label=_("Move to a place"),
        icon="map-pin",
        right="cards.change_card",
        form=PlaceForm,
        perform=put_into_place,
        undo=put_back,
        at_once=SET_BASED,
        order=31,
    )
)

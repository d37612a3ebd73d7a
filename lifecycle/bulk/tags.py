"""Putting tags on many cards, and taking them off."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cards.services.tags import add_tags, remove_tags
from lifecycle.bulk.registry import SET_BASED, Asked, BulkAction, BulkForm, Outcomes, changed_since, register
from lifecycle.forms.card import TagsField

Change = Callable[..., Mapping[int, Collection[str]]]


class TagsForm(BulkForm):
    """Which tags."""

    tags = TagsField(label=_("Tags"), max_length=1000, help_text=_("Several are parted by commas."))


def put_tags(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Put the tags on the cards."""
    return _done(add_tags, card_ids, asked)


def take_tags(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Take the tags off the cards."""
    return _done(remove_tags, card_ids, asked)


def take_put_tags(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Take off what the job put on; a card that has none of it any more was changed since."""
    return _reversed(remove_tags, left, asked)


def put_taken_tags(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Put on again what the job took off; a card that has all of it again was changed since."""
    return _reversed(add_tags, left, asked)


def _done(change: Change, card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Change the tags and keep, of each card, those that differ now."""
    touched = change(card_ids=card_ids, names=asked.given["tags"], actor=asked.actor, now=asked.now)
    return Outcomes(done={card_id: _left(touched.get(card_id, ())) for card_id in card_ids})


def _left(names: Collection[str]) -> dict[str, Any]:
    return {"tags": sorted(names)} if names else {}


def _reversed(change: Change, left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Make the change of the cards, those that differ by the same tags at once."""
    alike = defaultdict[tuple[str, ...], list[int]](list)
    for card_id, one in left.items():
        alike[tuple(one["tags"])].append(card_id)
    outcomes = Outcomes()
    for names, card_ids in alike.items():
        touched = change(card_ids=card_ids, names=names, actor=asked.actor, now=asked.now)
        outcomes.done.update({card_id: {} for card_id in card_ids if card_id in touched})
        outcomes.refuse_all([card_id for card_id in card_ids if card_id not in touched], changed_since())
    return outcomes


register(
    BulkAction(
        name="tag",
        label=_("Put tags on"),
        icon="tag",
        right="cards.change_card",
        form=TagsForm,
        perform=put_tags,
        undo=take_put_tags,
        at_once=SET_BASED,
        order=40,
    )
)
register(
    BulkAction(
        name="untag",
        label=_("Take tags off"),
        icon="tag-off",
        right="cards.change_card",
        form=TagsForm,
        perform=take_tags,
        undo=put_taken_tags,
        at_once=SET_BASED,
        order=41,
    )
)

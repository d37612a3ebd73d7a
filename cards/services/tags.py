"""Tags: put on cards and taken off, many at once; recorded by whoever uses a new word first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.reading import Unreadable
from cardfleet.kernel.transactions import one_transaction
from cards.models import Tag
from cards.rules.tags import read_tag, tag_key

PUT = """
INSERT INTO cards_card_tags (card_id, tag_id)
SELECT card.id, wanted.tag FROM unnest(%s::bigint[], %s::bigint[]) AS wanted (card, tag)
JOIN cards_card card ON card.id = wanted.card
ON CONFLICT DO NOTHING RETURNING card_id, tag_id
"""
TAKE = "DELETE FROM cards_card_tags WHERE card_id = ANY(%s) AND tag_id = ANY(%s) RETURNING card_id, tag_id"
Touched = Mapping[int, Collection[str]]


@one_transaction
def add_tags(*, card_ids: Collection[int], names: Collection[str], actor: User | None, now: datetime) -> Touched:
    """Put tags on cards; return the names that each card, by id, did not have before. BadInput for what is no tag.

    A name that no tag has yet makes one. Cards that have all of them already are left as they are.
    """
    tags = known_tags(names, actor=actor, now=now)
    put = put_tags([(card, tag.pk) for card in card_ids for tag in tags.values()])
    return _told("cards.tags_added", put, tags.values(), actor, now)


@one_transaction
def remove_tags(*, card_ids: Collection[int], names: Collection[str], actor: User | None, now: datetime) -> Touched:
    """Take tags off cards; return the names that each card, by id, lost. A name that no tag has is none of theirs."""
    tags = Tag.objects.filter(key__in={tag_key(name) for name in _read(names)})
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [list(card_ids), [tag.pk for tag in tags]])
        taken = cursor.fetchall()
    return _told("cards.tags_removed", taken, tags, actor, now)


@one_transaction
def change_tags(
    *, card_ids: Collection[int], add: Collection[str], remove: Collection[str], actor: User | None, now: datetime
) -> None:
    """Put tags on cards and take others off them, both or neither; BadInput for what is no tag."""
    add_tags(card_ids=card_ids, names=add, actor=actor, now=now)
    remove_tags(card_ids=card_ids, names=remove, actor=actor, now=now)


@one_transaction
def record_tag(*, name: str, actor: User | None, now: datetime) -> Tag:
    """Record a tag that no card has yet. BadInput when there is one of this name."""
    _refuse_taken(name := _read([name])[0])
    return known_tags([name], actor=actor, now=now)[tag_key(name)]


@one_transaction
def rename_tag(*, tag_id: int, name: str, actor: User | None, now: datetime) -> Tag:
    """Call a tag otherwise, on all its cards. BadInput when another has the name."""
    tag = Tag.objects.select_for_update().get(pk=tag_id)
    name = _read([name])[0]
    if name != tag.name:
        _refuse_taken(name, but=tag.pk)
        tag.name, tag.key = name, tag_key(name)
        tag.save(update_fields=["name", "key"])
        record(actor=actor, action="cards.tag_renamed", subject=tag, now=now)
    return tag


def known_tags(names: Collection[str], *, actor: User | None, now: datetime) -> dict[str, Tag]:
    """Return the tags of names by their keys, in the caller's transaction; those there are not yet are recorded."""
    wanted = {tag_key(name): name for name in _read(names)}
    there = set(Tag.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = [Tag(name=name, key=key, created_at=now) for key, name in wanted.items() if key not in there]
    Tag.objects.bulk_create(new, ignore_conflicts=True)
    tags = {tag.key: tag for tag in Tag.objects.filter(key__in=wanted)}
    made = [tags[tag.key] for tag in new]
    record_many([Deed(action="cards.tag_recorded", subject=tag) for tag in made], actor=actor, now=now)
    return tags


def put_tags(pairs: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Store pairs of card and tag (ids) and return those that are new; the caller writes the journal."""
    with connection.cursor() as cursor:
        cursor.execute(PUT, [[card for card, _tag in pairs], [tag for _card, tag in pairs]])
        return list(cursor.fetchall())


def _told(
    action: str, pairs: Collection[tuple[int, int]], tags: Iterable[Tag], actor: User | None, now: datetime
) -> Touched:
    touched = defaultdict[int, list[int]](list)
    for card, tag in pairs:
        touched[card].append(tag)
    deeds = [Deed(action=action, subject=f"cards.card:{card}", data={"tags": ids}) for card, ids in touched.items()]
    record_many(deeds, actor=actor, now=now)
    names = {tag.pk: tag.name for tag in tags}
    return {card: [names[tag] for tag in ids] for card, ids in touched.items()}


def _read(names: Collection[str]) -> list[str]:
    read, faults = list[str](), list[Reason]()
    for name in names:
        try:
            read.append(read_tag(name))
        except Unreadable as error:
            faults.append(error.as_reason(field="tags", value=name[:80]))
    if faults:
        raise BadInput(reasons=faults)
    return read


def _refuse_taken(name: str, *, but: int = 0) -> None:
    if Tag.objects.filter(key=tag_key(name)).exclude(pk=but).exists():
        message = _("There is a tag of this name already. Use that one, or choose another name.")
        raise BadInput(reasons=[Reason(code="tag_taken", message=message, field="name", value=name)])

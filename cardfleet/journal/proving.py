"""Proving the sealed journal: every entry is what was sealed, none is gone, none came in between, none changed places.

The chain proves what stands between its ends. That nobody cut off its end, or made all of it anew with the keys of
this installation, is proven by a head that was kept elsewhere.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cardfleet.journal.chain import BEFORE_THE_FIRST, link
from cardfleet.journal.reading import COLUMNS, Row, reader

AT_ONCE = 10_000
MOST_TOLD = 20
SEALED = f"""
SELECT s.position, s.hash, {COLUMNS}
FROM journal_seal s LEFT JOIN journal_entry e ON e.id = s.entry_id
ORDER BY s.position
"""  # noqa: S608 - put together from constants
# What has no place although all entries up to its id have one: it came behind the back of the journal.
STRANGERS = """
SELECT e.id FROM journal_sealing w JOIN journal_entry e ON e.id <= w.settled
WHERE NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_id = e.id)
ORDER BY e.id LIMIT %s
"""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A head that was written down at its time: position and hash (64 hex digits)."""

    position: int
    hash: str


@dataclass(kw_only=True)
class Proof:
    """What came of it: how many places hold, how many entries had words taken out, and what does not hold.

    `broken_from` is the first position that does not hold; `differences` are sentences, at most MOST_TOLD.
    """

    places: int = 0
    redacted: int = 0
    broken_from: int | None = None
    differences: list[str] = field(default_factory=list)

    def differs(self, position: int, sentence: str) -> None:
        """Note what does not hold."""
        if self.broken_from is None:
            self.broken_from = position
        self.note(sentence.format(position=position))

    def note(self, sentence: str) -> None:
        """Note a sentence, unless there are enough of them."""
        if len(self.differences) < MOST_TOLD:
            self.differences.append(sentence)


def prove(kept: Kept | None = None) -> Proof:
    """Follow the whole chain in one snapshot at constant memory, and compare it to a head that was kept."""
    proof, read = Proof(), reader()
    expected, before, head = 1, BEFORE_THE_FIRST, ""
    for position, stored, entry in _places():
        proof.places += 1
        if position != expected:
            proof.differs(expected, _("Positions from {position} on are missing."))
        found = read(entry) if entry else None
        if found is None:
            proof.differs(position, _("The entry at position {position} is gone."))
        elif link(before, found.facts) != stored:
            proof.differs(position, _("The entry at position {position} is not the one that was sealed there."))
        elif not found.is_as_left:
            proof.differs(position, _("The words at position {position} are neither those written nor those left."))
        if found and found.is_redacted:
            proof.redacted += 1
        if kept and kept.position == position:
            head = stored
        expected, before = position + 1, stored
    if kept and head != kept.hash:
        proof.differs(kept.position, _("The journal does not hold the head that was kept, of position {position}."))
    for pk in _strangers():
        proof.note(_("Entry {pk} has no place: it was not there when its neighbours were sealed.").format(pk=pk))
    return proof


def _places() -> Iterator[tuple[int, str, Row | None]]:
    with transaction.atomic(), closing(connection.chunked_cursor()) as cursor:
        cursor.execute(SEALED)
        while rows := cursor.fetchmany(AT_ONCE):
            for position, stored, *entry in rows:
                yield position, stored, Row(*entry) if entry[0] else None


def _strangers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(STRANGERS, [MOST_TOLD])
        return [pk for (pk,) in cursor.fetchall()]

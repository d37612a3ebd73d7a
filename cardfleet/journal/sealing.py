"""Giving committed entries their positions in the journal and tying them together.

An id is handed out before its transaction commits, so an entry with a lower id may come late, hours late in a long
import. Whoever writes entries holds a lock on their table from before the id is drawn until after the commit: when
the transactions that held it while an id was seen have ended, no lower id will come any more. (Their numbers in the
snapshot would not do: a transaction gets its number only after it drew the id.)
"""

from datetime import datetime

from django.db import connection, transaction

from cardfleet.journal.chain import BEFORE_THE_FIRST, link
from cardfleet.journal.models import Seal, Sealing
from cardfleet.journal.reading import COLUMNS, Row, reader
from cardfleet.kernel.bulk import insert_many

AT_ONCE = 5000
ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(hashtext('journal.sealing'))"
HIGHEST = "SELECT coalesce(max(id), 0) FROM journal_entry"
WRITERS = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'journal_entry'::regclass AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND pid IS DISTINCT FROM pg_backend_pid()
"""
UNSEALED = f"""
SELECT {COLUMNS} FROM journal_entry e
WHERE e.id > %s AND NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_id = e.id)
ORDER BY e.id LIMIT %s
"""  # noqa: S608 - put together from constants


def seal_journal(*, now: datetime) -> int:
    """Seal all committed entries and return how many; none where somebody else is at it."""
    sealed = 0
    while count := seal_next(now=now):
        sealed += count
        if count < AT_ONCE:
            break
    return sealed


@transaction.atomic
def seal_next(*, now: datetime) -> int:
    """Seal up to AT_ONCE committed entries, in the order of their ids, and return how many."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        if not cursor.fetchone()[0]:
            return 0
        sealing, _created = Sealing.objects.get_or_create(pk=Sealing.ONLY)
        looked_at = (sealing.seen, sealing.writers)
        finished = _look(sealing)
        cursor.execute(UNSEALED, [sealing.settled, AT_ONCE])
        rows = [Row(*row) for row in cursor.fetchall()]
    if rows:
        _store(rows, now)
    # What is sealed came in the order of ids: below the last of a full portion nothing is left but what may still come.
    settled = min(finished, rows[-1].pk) if len(rows) == AT_ONCE else finished
    if (settled, *looked_at) != (sealing.settled, sealing.seen, sealing.writers):
        sealing.settled = settled
        sealing.save(update_fields=["settled", "seen", "writers"])
    return len(rows)


def _look(sealing: Sealing) -> int:
    """Return the id up to which every entry is there to be read, and look anew once those looked at have ended."""
    with connection.cursor() as cursor:
        # In this order: who draws an id after the look is not among the ids looked at.
        cursor.execute(HIGHEST)
        ((highest,),) = cursor.fetchall()
        cursor.execute(WRITERS)
        writing = [writer for (writer,) in cursor.fetchall()]
    if set(sealing.writers) & set(writing):
        return sealing.settled
    finished = sealing.seen if writing else highest
    sealing.seen, sealing.writers = highest, writing
    return finished


def _store(rows: list[Row], now: datetime) -> None:
    head = Seal.objects.head()
    position, before = (head.position, head.hash) if head else (0, BEFORE_THE_FIRST)
    read, seals = reader(), []
    for place, row in enumerate(rows, start=position + 1):
        before = link(before, read(row).facts)
        seals.append(Seal(position=place, entry_id=row.pk, hash=before, at=now))
    insert_many(seals)

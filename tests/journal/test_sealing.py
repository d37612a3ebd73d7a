"""The sealed journal: positions without gaps whoever commits late, and a chain that shows every edit, removal, move."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction

from cardfleet.journal.models import Entry, Redaction, Seal, Sealing
from cardfleet.journal.proving import Kept, prove
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.journal.redacting import mark_of, redact
from cardfleet.journal.sealing import seal_journal, seal_next
from cardfleet.kernel.owning import as_owner
from tests.conftest import database_url

ACTION = "accounts.team_created"
INSERT = (
    "INSERT INTO journal_entry (id, at, action, subject, related, reason, data, request_id) "
    "VALUES (%s, now(), 'accounts.team_created', 'tests.late:1', '[]', '', '{}', '')"
)
HOLD = "LOCK TABLE journal_entry IN ROW EXCLUSIVE MODE"
NEXT = "SELECT nextval('journal_entry_id_seq')"


def write(now, subject: str = "tests.thing:1", **facts) -> Entry:
    with transaction.atomic():
        return record(actor=None, action=ACTION, subject=subject, now=now, **facts)


def order() -> list[tuple[int, int]]:
    return list(Seal.objects.values_list("position", "entry_id"))


@contextmanager
def somebody_else() -> Iterator[psycopg2.extensions.cursor]:
    """Give a cursor of a second connection, in a transaction of its own."""
    other = psycopg2.connect(database_url())
    try:
        yield other.cursor()
    finally:
        # Closing alone ends the transaction when the server gets round to it.
        other.rollback()
        other.close()


@contextmanager
def owner() -> Iterator[None]:
    """Act as the owner of the database may: with triggers and foreign keys out of force."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def tamper(sql: str, *values) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_gets_the_next_position_and_is_never_passed_over(now) -> None:
    with somebody_else() as late:
        late.execute(NEXT)
        (held,) = late.fetchone()
        late.execute(INSERT, [held])
        early = [write(now).pk, write(now).pk]
        assert seal_journal(now=now) == 2
        later = write(now).pk
        assert seal_journal(now=now) == 1
        assert Sealing.objects.get().settled < held
        late.connection.commit()
    assert seal_journal(now=now) == 1
    assert [entry for _position, entry in order()] == [*early, later, held]
    assert [position for position, _entry in order()] == [1, 2, 3, 4]
    assert seal_journal(now=now) == 0
    assert Sealing.objects.get().settled == later


@pytest.mark.django_db(transaction=True)
def test_an_id_that_was_drawn_before_its_transaction_has_a_number_is_waited_for(now) -> None:
    """An INSERT locks the table, draws the id, and gets its transaction's number only then."""
    with somebody_else() as late:
        late.execute(HOLD)
        late.execute(NEXT)
        (held,) = late.fetchone()
        for _ in range(3):
            write(now)
            seal_journal(now=now)
        assert Sealing.objects.get().settled < held
        late.execute(INSERT, [held])
        late.connection.commit()
    seal_journal(now=now)
    assert order()[-1] == (4, held)


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_gives_up_and_a_reader_that_stays_hold_nothing_back(now) -> None:
    with somebody_else() as reading, somebody_else() as gives_up:
        reading.execute("SELECT count(*), pg_current_xact_id() FROM journal_entry")
        gives_up.execute(NEXT)
        gives_up.execute(INSERT, [gives_up.fetchone()[0]])
        entry = write(now)
        seal_journal(now=now)
        gives_up.connection.rollback()
        seal_journal(now=now)
        assert Sealing.objects.get().settled == entry.pk
    assert order() == [(1, entry.pk)]


@pytest.mark.django_db(transaction=True)
def test_only_one_seals_at_a_time(now) -> None:
    write(now)
    with somebody_else() as sealing:
        sealing.execute("SELECT pg_advisory_xact_lock(hashtext('journal.sealing'))")
        assert seal_next(now=now) == 0
    assert seal_next(now=now) == 1


@pytest.mark.django_db
def test_many_are_sealed_in_portions(now, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cardfleet.journal.sealing.AT_ONCE", 3)
    record_many([Deed(action=ACTION, subject=f"tests.thing:{number}") for number in range(7)], actor=None, now=now)
    assert seal_journal(now=now) == 7
    assert order() == list(enumerate(Entry.objects.order_by("pk").values_list("pk", flat=True), start=1))
    assert Sealing.objects.get().settled == Entry.objects.order_by("-pk").first().pk


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE journal_seal SET hash = 'x'", "DELETE FROM journal_seal"])
def test_the_database_itself_refuses_to_change_a_seal(sql: str, now) -> None:
    """Invariant 4: the seals are append-only, too."""
    write(now)
    seal_journal(now=now)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def replacing(word: str, instead: str):
    return lambda value: value.replace(word, instead) if isinstance(value, str) else value


@pytest.fixture
def sealed(db, now) -> list[Entry]:
    """Six entries at positions 1 to 6."""
    entries = [
        write(now + timedelta(seconds=number), related=("tests.other:1",), reason="领用", data={"count": number})
        for number in range(6)
    ]
    seal_journal(now=now)
    assert prove().differences == []
    return entries


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'x'",
        "data = '{\"count\": 9}'",
        "at = at + interval '1 second'",
        "action = 'accounts.team_moved'",
        "subject = 'tests.thing:2'",
        "related = '[]'",
        "request_id = 'x'",
    ],
)
def test_any_edit_is_found_and_from_where_on(change: str, sealed) -> None:
    tamper(f"UPDATE journal_entry SET {change} WHERE id = %s", sealed[2].pk)  # noqa: S608 - the changes above
    assert prove().broken_from == 3


def test_a_removed_entry_a_removed_seal_and_an_added_entry_are_found(sealed, now) -> None:
    tamper("DELETE FROM journal_entry WHERE id = %s", sealed[1].pk)
    assert prove().broken_from == 2
    tamper("DELETE FROM journal_seal WHERE position = 2")
    assert prove().broken_from == 2


def test_what_was_put_in_between_is_found(sealed) -> None:
    tamper("DELETE FROM journal_seal WHERE entry_id = %s", sealed[-1].pk)
    proof = prove()
    assert (proof.broken_from, len(proof.differences)) == (None, 1)
    assert str(sealed[-1].pk) in proof.differences[0]


def test_changed_places_are_found(sealed) -> None:
    tamper("UPDATE journal_seal SET entry_id = -entry_id WHERE position IN (4, 5)")
    tamper("UPDATE journal_seal SET entry_id = %s WHERE position = 4", sealed[4].pk)
    tamper("UPDATE journal_seal SET entry_id = %s WHERE position = 5", sealed[3].pk)
    assert prove().broken_from == 4


def test_a_cut_off_end_is_found_by_a_head_that_was_kept(sealed) -> None:
    head = Seal.objects.head()
    kept = Kept(position=head.position, hash=head.hash)
    assert prove(kept).broken_from is None
    tamper("DELETE FROM journal_seal WHERE position > 4")
    tamper("DELETE FROM journal_entry WHERE id >= %s", sealed[4].pk)
    assert prove().differences == []
    assert prove(kept).broken_from == 6


@pytest.mark.owner
def test_the_chain_holds_over_a_redaction_and_shows_it(sealed, now) -> None:
    """R83: words are taken out, the place and its hash stay."""
    for word, instead in (("领", "某"), ("用", "")):
        redact(pattern=word, change=replacing(word, instead), now=now)
    proof = prove()
    assert (proof.differences, proof.redacted) == ([], 6)


@pytest.mark.owner
def test_what_is_put_in_place_of_a_redacted_word_is_found(sealed, now) -> None:
    redact(pattern="领用", change=replacing("领用", ""), now=now)
    tamper("UPDATE journal_entry SET reason = 'x' WHERE id = %s", sealed[2].pk)
    assert prove().broken_from == 3
    tamper("UPDATE journal_redaction SET after = %s WHERE entry_id = %s", mark_of("x"), sealed[2].pk)
    assert prove().broken_from is None, "who has the keys of the installation is found by nothing but a kept head"


@pytest.mark.owner
def test_what_was_redacted_before_it_was_sealed_holds_as_well(db, now) -> None:
    write(now, reason="张三")
    redact(pattern="张三", change=replacing("张三", "—"), now=now)
    seal_journal(now=now)
    assert prove().differences == []
    with owner():
        Redaction.objects.all()._raw_delete("default")
    assert prove().broken_from == 1


def test_commands_print_the_head_and_prove_the_chain(sealed) -> None:
    out = StringIO()
    call_command("journal_head", stdout=out)
    kept, _at = out.getvalue().split()
    call_command("verify_journal", f"--head={kept}", stdout=out)
    assert "6" in out.getvalue()
    tamper("UPDATE journal_entry SET reason = 'x' WHERE id = %s", sealed[3].pk)
    with pytest.raises(CommandError, match="4"):
        call_command("verify_journal", stdout=out)
    with pytest.raises(CommandError):
        call_command("verify_journal", "--head=4:abc", stdout=out)


def test_nothing_sealed_has_no_head_and_proves_itself(db) -> None:
    with pytest.raises(CommandError):
        call_command("journal_head", stdout=StringIO())
    assert (prove().places, prove().differences) == (0, [])

"""Upgrades while people work: what migrations may not do, and how long they wait for a table."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import connection, connections, models
from django.db.migrations import Migration, RunPython, RunSQL, operations
from django.db.migrations.state import ModelState, ProjectState
from django.utils.translation import override

from cardfleet.kernel.management.commands import check_migrations
from cardfleet.kernel.management.commands.migrate import Command
from cardfleet.kernel.migrating import INSTEAD, Analyser, faults

pytestmark = pytest.mark.django_db
INDEX = models.Index(fields=["iccid"], name="by_iccid")
CHECK = models.CheckConstraint(condition=models.Q(slots__gt=0), name="some_slots")
EID = operations.AddField("sim", "eid", models.TextField(null=True))
UNIQUE = operations.AlterField("sim", "iccid", models.CharField(max_length=20, unique=True))
LINK = models.ForeignKey("tray.Box", models.PROTECT, null=True, db_index=False)


def before() -> ProjectState:
    """Two tables as they are while people work."""
    state = ProjectState()
    for name in ("Box", "Sim"):
        fields = [("id", models.BigAutoField(primary_key=True)), ("iccid", models.CharField(max_length=20))]
        state.add_model(ModelState("tray", name, [*fields, ("slots", models.IntegerField())]))
    return state


def found(*done: Any, **attributes: Any) -> set[str]:
    """Return the codes of what is wrong with a migration that does so."""
    known = {"operations": list(done), **attributes}
    migration = type("Migration", (Migration,), known)("0002_more", "tray")
    return {fault.partition(":")[0] for fault in faults(migration, before())}


@pytest.mark.parametrize(
    ("done", "codes"),
    [
        ([operations.AddField("sim", "eid", models.TextField(default=""))], {"NOT_NULL"}),
        ([operations.AddField("sim", "eid", models.TextField(db_default=""))], set()),
        ([EID], set()),
        ([operations.AlterField("sim", "slots", models.BigIntegerField())], {"ALTER_COLUMN"}),
        ([operations.RemoveField("sim", "slots")], {"DROP_COLUMN"}),
        ([operations.RenameField("sim", "slots", "places")], {"RENAME_COLUMN"}),
        ([operations.RenameModel("sim", "Esim")], {"RENAME_TABLE"}),
        ([operations.DeleteModel("sim")], {"DROP_TABLE"}),
        ([UNIQUE], {"ADD_UNIQUE", "CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE"}),
        ([operations.AddIndex("sim", INDEX)], {"CREATE_INDEX"}),
        ([EID, operations.AddIndex("sim", INDEX)], {"CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE"}),
        ([RunSQL("DROP INDEX by_iccid")], {"DROP_INDEX"}),
        ([operations.AddConstraint("sim", CHECK)], {"CHECKED_AT_ONCE"}),
        ([AddConstraintNotValid("sim", CHECK)], set()),
        ([AddConstraintNotValid("sim", CHECK), ValidateConstraint("sim", "some_slots")], {"VALIDATED_BESIDE"}),
        ([operations.AddField("sim", "box", LINK)], set()),
        ([operations.AddField(name, "eid", models.TextField(null=True)) for name in ("sim", "box")], {"MANY_TABLES"}),
        ([EID, RunSQL("UPDATE tray_sim SET eid = ''")], {"DATA_BESIDE"}),
        ([EID, RunPython(lambda _apps, _editor: None)], {"DATA_BESIDE"}),
        ([RunPython(lambda _apps, _editor: None)], set()),
        ([operations.AlterField("sim", "iccid", models.CharField("ICCID", max_length=20))], set()),
    ],
)  # fmt: skip
def test_what_would_hold_people_up_or_break_the_version_before_is_found(done: list[Any], codes: set[str]) -> None:
    """Issue 10: lock time and order, and what the running code still reads."""
    assert found(*done) == codes


def test_a_new_table_may_have_anything() -> None:
    fields = [("id", models.BigAutoField(primary_key=True)), ("box", models.ForeignKey("tray.Box", models.PROTECT))]
    fields += [("iccid", models.CharField(max_length=20, unique=True)), ("slots", models.IntegerField())]
    made = operations.CreateModel("Esim", fields, {"indexes": [INDEX], "constraints": [CHECK]})
    assert found(made) == set()


@pytest.mark.django_db(transaction=True)
def test_an_index_is_built_beside_people() -> None:
    assert found(AddIndexConcurrently("sim", INDEX), atomic=False) == set()


def test_what_is_waived_has_a_reason_and_is_done() -> None:
    assert found(operations.AddIndex("sim", INDEX), waived={"CREATE_INDEX": "some hundred rows"}) == set()
    assert found(waived={"CREATE_INDEX": "some hundred rows"}) == {"CREATE_INDEX"}


def test_every_rule_says_what_to_do_instead() -> None:
    assert {check.code for check in Analyser([]).migration_checks} == INSTEAD.keys()


def test_the_command_holds_what_came_after_the_release(tmp_path, monkeypatch) -> None:
    """The application's own migrations are right; an early release would have to be mended by hand."""
    call_command("check_migrations", stderr=StringIO())
    page = tmp_path / "released.txt"
    page.write_text("jobs.0001_jobs\nfiles.0001_gone\n", "utf-8")
    monkeypatch.setattr(check_migrations, "RELEASED", str(page))
    monkeypatch.setattr(check_migrations, "ours", lambda: {"jobs"})
    said = StringIO()
    with pytest.raises(CommandError, match="faults in migrations"):
        call_command("check_migrations", stderr=said)
    assert "files.0001_gone does not exist" in said.getvalue()
    assert "jobs.0002_answers_encrypted: DATA_BESIDE" in said.getvalue()


class Reader:
    """Somebody who reads a table in a long transaction, on a connection of their own."""

    def __init__(self) -> None:
        self.connection = connections.create_connection("default")
        self.connection.set_autocommit(False)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM jobs_job")

    def leave(self, *_args: object) -> None:
        """Let go of the table."""
        self.connection.rollback()
        self.connection.close()


@pytest.fixture
def locking(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A migration that wants jobs_job for itself for a moment; returns how long each try would have waited."""
    waits: list[str] = []

    def migrating(self, *_args: Any, **_options: Any) -> None:
        self.verbosity = 0
        self.migration_progress_callback("apply_start", Migration("0009_wants", "jobs"))
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            waits.append(cursor.fetchone()[0])
            cursor.execute("ALTER TABLE jobs_job ALTER COLUMN kind SET NOT NULL")

    monkeypatch.setattr(migrate.Command, "handle", migrating)
    monkeypatch.setattr("cardfleet.kernel.management.commands.migrate.LOCK_TIMEOUT_MS", 200)
    return waits


@pytest.mark.django_db(transaction=True)
def test_a_migration_gives_up_a_table_in_use_and_tries_again(locking, monkeypatch) -> None:
    """Who asks for the table meanwhile waits a moment, not until the reader is done."""
    reader, said = Reader(), StringIO()
    monkeypatch.setattr("cardfleet.kernel.management.commands.migrate.time.sleep", reader.leave)
    with override("en"):
        Command(stderr=said).handle(database="default", verbosity=0)
    assert locking == ["200ms", "200ms"]
    assert "trying again" in said.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db(transaction=True)
def test_a_table_in_use_for_long_ends_the_command_with_a_sentence(locking, monkeypatch) -> None:
    monkeypatch.setattr("cardfleet.kernel.management.commands.migrate.PAUSE_S", 0)
    monkeypatch.setattr("cardfleet.kernel.management.commands.migrate.TRIES", 2)
    reader = Reader()
    with pytest.raises(CommandError, match="pg_stat_activity"):
        Command(stderr=StringIO()).handle(database="default", verbosity=0)
    reader.leave()


def test_what_is_built_beside_people_may_wait() -> None:
    command = Command()
    command.alias, command.verbosity = "default", 0
    beside = Migration("0009_beside", "jobs")
    beside.atomic = False
    for migration, wait in [(Migration("0009_wants", "jobs"), "5s"), (beside, "0")]:
        command.migration_progress_callback("apply_start", migration)
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == (wait,)

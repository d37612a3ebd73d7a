"""Connections by files: taken once, the oldest first, moved aside; agents and teams as HR has them (R14, R76)."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from agents.choices import AgentStatus
from agents.models import Agent, Leaving
from billing.models import BalanceReading
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team
from cardfleet.files.models import StoredFile
from cardfleet.files.subjects import visible_file
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.health import Unwell
from cardfleet.notify.models import InboxItem
from lifecycle.doctor import connections_folder
from lifecycle.importers.connectors import folder as connector
from lifecycle.models import Connection, ConnectionRun
from lifecycle.services.connections.editing import record_connection
from lifecycle.services.connections.running import run_due
from tests.connections.conftest import NUMBERS
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

HEADER = "工号,姓名,部门/班组,状态"


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """A folder of a connection."""
    settings.CONNECTIONS_DIR = str(tmp_path / "in")
    there = tmp_path / "in" / "hr"
    there.mkdir(parents=True)
    return there


@pytest.fixture
def later(now):
    """A moment when every file written in this test lies still for long."""
    return now.fromtimestamp(now.now().timestamp(), now.tzinfo) + timedelta(hours=1)


@pytest.fixture
def connection(db, folder, later) -> Connection:
    """A connection by files of HR that is always due."""
    return set_up("agents", later)


def set_up(subject: str, now, **settings) -> Connection:
    settings = {"folder": "hr", **settings}
    facts = {"name": "files", "kind": "folder", "subject": subject, "every_minutes": 1, "settings": settings}
    return record_connection(facts=facts, actor=None, now=now)


def people(folder: Path, *rows: str, name: str = "hr.csv", encoding: str = "gb18030") -> None:
    """Lay a file of HR into the folder."""
    (folder / name).write_bytes("\n".join([HEADER, *rows]).encode(encoding))


def names(folder: Path) -> set[str]:
    """The files of a folder, by their path in it."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_balances_are_taken_once_the_oldest_first(cards, folder, later):
    """A file that is not whole yet, or a link, is left; an empty folder leaves no run behind."""
    set_up("balances", later)
    for hour, name in ((8, "b.csv"), (9, "a.csv")):
        (folder / name).write_text(f"msisdn,read_at,balance\n{NUMBERS[0]},2026-11-20 {hour:02}:00,{hour}.50\n")
    os.utime(folder / "b.csv", (0, 0))
    (folder / "c.csv.part").write_text("half")
    (folder / "d.csv").symlink_to(folder / "a.csv")
    assert run_due(now=later)["done"] == 2
    assert run_due(now=later + timedelta(minutes=2)) == {"done": 0, "failed": 0, "lost": 0}
    assert names(folder) == {"done/b.csv", "done/a.csv", "c.csv.part"}
    assert (folder / "d.csv").is_symlink()
    assert [str(one.balance) for one in BalanceReading.objects.order_by("read_at")] == ["8.50", "9.50"]
    assert ConnectionRun.objects.count() == 2


def test_a_worker_killed_before_it_moved_the_file_doubles_nothing(cards, folder, later, monkeypatch):
    set_up("balances", later)
    (folder / "a.csv").write_text(f"msisdn,read_at,balance\n{NUMBERS[0]},2026-11-20 08:00,8.50\n")
    with monkeypatch.context() as killed:
        killed.setattr(connector, "move", lambda *_arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run_due(now=later)
    assert names(folder) == {"a.csv"}
    assert run_due(now=later + timedelta(minutes=1))["done"] == 1
    assert names(folder) == {"done/a.csv"}
    assert BalanceReading.objects.count() == 1


def test_a_bad_file_is_put_aside_with_why_and_told_at_once(folder, connection, later, reference):
    """What is HTML, or yesterday's, is not tried again; the next good file closes the alert."""
    PersonFactory(role=Role.ADMIN)
    (folder / "hr.csv").write_bytes(b"<html><body>maintenance</body></html>")
    assert run_due(now=later)["failed"] == 1
    assert names(folder) == {"refused/hr.csv", "refused/hr.csv.txt"}
    connection.refresh_from_db()
    assert connection.failing_since == later
    assert InboxItem.objects.filter(code="lifecycle.connection_fails").count() == 1
    agent = AgentFactory()
    people(folder, f"{agent.user.staff_no},{agent.user},,在职")
    assert run_due(now=later + timedelta(hours=1))["done"] == 1
    connection.refresh_from_db()
    assert connection.failing_since is None


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_agents_come_move_and_leave_as_hr_says(folder, connection, later, reference, encoding):
    """R14, R76: a leaver's cards are called back by the leaving as by hand; the same file again changes nothing."""
    administrator = PersonFactory(role=Role.ADMIN)
    supervisor = PersonFactory(role=Role.SUPERVISOR)
    team = TeamFactory(name="华东一组")
    staff = [AgentFactory(user__staff_no=f"A{number}") for number in range(6)]
    hand_over(card := CardFactory(), staff[0])
    rows = ("N1,新人,华东一组,在职", f"A0,{staff[0].user},,离职", f"A1,{staff[1].user},华东一组,在职")
    people(folder, *rows, encoding=encoding)
    assert run_due(now=later)["done"] == 1
    assert Agent.objects.get(user__staff_no="N1").user.team == team
    assert Agent.objects.get(user__staff_no="A1").user.team == team
    assert Agent.objects.get(user__staff_no="A0").status == AgentStatus.LEFT
    assert Leaving.objects.get().tasks.filter(card=card).exists()
    assert Agent.objects.count() == 7
    passwords = StoredFile.objects.get(purpose="connections.passwords")
    assert passwords.delete_after == later + timedelta(days=1)
    assert visible_file(administrator, str(passwords.pk)) == passwords
    with pytest.raises(NotVisible):
        visible_file(supervisor, str(passwords.pk))
    people(folder, *rows, encoding=encoding)
    assert run_due(now=later + timedelta(minutes=1))["done"] == 1
    run = ConnectionRun.objects.first()
    assert (run.rows_read, run.rows_stored, run.rows_known) == (3, 0, 3)


def test_a_file_whose_columns_slipped_makes_nobody_leave(folder, connection, later, reference):
    """More than a fifth would leave: nothing of it is stored, and people are asked."""
    PersonFactory(role=Role.ADMIN)
    staff = [AgentFactory(user__staff_no=f"A{number}") for number in range(9)]
    people(folder, *(f"A{number},{agent.user},,离职" for number, agent in enumerate(staff[:2])))
    assert run_due(now=later)["failed"] == 1
    assert ConnectionRun.objects.get().code == "too_many_leave"
    assert names(folder) == {"refused/hr.csv", "refused/hr.csv.txt"}
    assert not Agent.objects.filter(status=AgentStatus.LEFT).exists()
    assert InboxItem.objects.filter(code="lifecycle.connection_fails").exists()


def test_bad_rows_are_named_and_the_rest_stored(folder, connection, later, reference):
    TeamFactory(name="一组")
    people(folder, "N1,新人,一组,在职", "N2,新人,无此组,在职")
    run_due(now=later)
    run = ConnectionRun.objects.get()
    assert (run.rows_stored, [(row["line"], row["code"]) for row in run.refused]) == (1, [(3, "team_unknown")])
    assert not Team.objects.filter(name="无此组").exists()


def test_what_lies_aside_for_more_than_thirty_days_goes(cards, folder, later):
    set_up("balances", later)
    (folder / "done").mkdir()
    (folder / "done" / "old.csv").write_text("x")
    (folder / "new.csv").write_text(f"msisdn,balance\n{NUMBERS[0]},1\n")
    run_due(now=later + timedelta(days=40))
    assert "done/old.csv" not in names(folder)
    assert BalanceReading.objects.count() == 1


def test_a_file_that_is_written_to_or_empty_is_left_for_a_time(folder, connection, later):
    """A minute without a change; what nobody filled for two hours is refused, so that somebody hears of it."""
    people(folder, "N1,新人,,在职")
    (folder / "empty.csv").touch()
    state = (folder / "hr.csv").stat()
    written = later.fromtimestamp(max(state.st_mtime, state.st_ctime), later.tzinfo)
    Connection.objects.update(next_try_at=written)
    assert run_due(now=written + timedelta(seconds=59)) == {"done": 0, "failed": 0, "lost": 0}
    assert run_due(now=written + timedelta(minutes=5))["done"] == 1
    assert run_due(now=later + timedelta(hours=2))["failed"] == 1
    assert names(folder) == {"done/hr.csv", "refused/empty.csv", "refused/empty.csv.txt"}


@pytest.mark.parametrize(("mode", "code"), [(None, "folder_missing"), (0o500, "folder_locked")])
def test_a_folder_that_cannot_be_used_is_told(db, settings, later, tmp_path, mode, code):
    settings.CONNECTIONS_DIR = str(tmp_path)
    if mode:
        (tmp_path / "hr").mkdir(mode=mode)
    set_up("balances", later)
    if code == "folder_locked" and os.access(tmp_path / "hr", os.W_OK):
        pytest.skip("this user may write everywhere")
    assert run_due(now=later)["failed"] == 1
    assert ConnectionRun.objects.get().code == code


@pytest.mark.parametrize(("where", "is_well"), [("", True), ("in", True), ("nowhere", False), ("static/in", False)])
def test_doctor_looks_at_the_folder_of_connections(settings, tmp_path, where, is_well):
    """It is there, and no browser gets at it; where none is set there is nothing to look at."""
    settings.STATIC_ROOT = tmp_path / "static"
    for there in ("in", "static/in"):
        (tmp_path / there).mkdir(parents=True)
    settings.CONNECTIONS_DIR = str(tmp_path / where) if where else ""
    if is_well:
        connections_folder()
    else:
        with pytest.raises(Unwell):
            connections_folder()

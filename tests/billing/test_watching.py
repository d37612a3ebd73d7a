"""The watched folder, and reminders of call records that lack (R82; carriers keep details five months)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.urls import reverse

from billing.choices import Expectation
from billing.models import UsageBatch, UsageRecord
from billing.services import watching
from billing.services.watching import take_files
from billing.tasks import remind_usage, watch_usage
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.kernel.clock import business_day
from cardfleet.notify.models import InboxItem
from tests.billing.conftest import at, generic
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import UsageSourceFactory

CALL = "13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30"


@pytest.fixture
def folder(settings, tmp_path, reference) -> Path:
    """A watched folder with one for the source cmcc, somebody who may import, and clocks an hour ahead of the disk."""
    PersonFactory(role=Role.FINANCE)
    settings.USAGE_WATCHED_DIR = str(tmp_path / "watched")
    there = tmp_path / "watched" / "cmcc"
    there.mkdir(parents=True)
    return there


@pytest.fixture
def later(now):
    """A moment when every file written in this test lies still for long."""
    return now.fromtimestamp(now.now().timestamp(), now.tzinfo) + timedelta(hours=1)


def names(folder: Path) -> set[str]:
    """The files of a folder, by their path in it."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_imported_once_and_moved(card, folder, later):
    """A second file of the same content under another name adds nothing."""
    (folder / "a.csv").write_text(generic(CALL))
    assert watch_usage(on=business_day(later), now=later) == {"taken": 1, "known": 0, "refused": 0}
    run_job(Job.objects.get().pk)
    assert UsageRecord.objects.count() == 1
    (folder / "b.csv").write_text(generic(CALL))
    assert watch_usage(on=business_day(later), now=later) == {"taken": 0, "known": 1, "refused": 0}
    assert watch_usage(on=business_day(later), now=later) == {"taken": 0, "known": 0, "refused": 0}
    assert names(folder) == {"done/a.csv", "done/b.csv"}
    assert UsageBatch.objects.get().source.slug == "cmcc"


def test_a_file_that_is_still_written_is_left(card, folder, later):
    (folder / "a.csv").write_text(generic(CALL))
    (folder / "b.csv.part").write_text(generic(CALL))
    (folder / "empty.csv").touch()
    (folder / "c.csv").symlink_to(folder / "a.csv")
    state = (folder / "a.csv").stat()
    written = later.fromtimestamp(max(state.st_mtime, state.st_ctime), later.tzinfo)
    assert take_files(root=folder.parent, now=written + timedelta(seconds=59)).batches == []
    assert len(take_files(root=folder.parent, now=written + timedelta(seconds=61)).batches) == 1
    assert {"b.csv.part", "empty.csv"} <= names(folder)
    assert (folder / "c.csv").is_symlink()


def test_a_file_nobody_can_read_is_refused_with_a_sentence_and_told(folder, later):
    (folder / "a.csv").write_text("x,y\n1,2\n")
    assert watch_usage(on=business_day(later), now=later)["refused"] == 1
    assert names(folder) == {"refused/a.csv", "refused/a.csv.txt"}
    assert (folder / "refused" / "a.csv.txt").read_text().strip()
    told = InboxItem.objects.get()
    assert (told.code, told.params["name"]) == ("billing.usage_refused", "a.csv")
    assert not UsageBatch.objects.exists()


def test_a_file_left_empty_is_refused_and_told(folder, later):
    (folder / "empty.csv").touch()
    assert take_files(root=folder.parent, now=later).refused == 0
    assert take_files(root=folder.parent, now=later + timedelta(hours=2)).refused == 1
    assert names(folder) == {"refused/empty.csv", "refused/empty.csv.txt"}
    assert InboxItem.objects.filter(user__groups__name=Role.FINANCE).exists()


def test_a_worker_killed_before_it_moved_the_file_doubles_nothing(card, folder, later, monkeypatch):
    (folder / "a.csv").write_text(generic(CALL))
    with monkeypatch.context() as killed:
        killed.setattr(watching, "move", lambda *_arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_files(root=folder.parent, now=later)
    taken = take_files(root=folder.parent, now=later)
    assert (taken.batches, taken.known) == ([], 1)
    assert UsageBatch.objects.count() == 1
    assert names(folder) == {"done/a.csv"}


@pytest.mark.django_db(transaction=True)
def test_a_file_another_worker_has_is_left_to_it(card, folder, later):
    """Two workers look at the same moment: the lock is the other one's."""
    path = folder / "a.csv"
    path.write_text(generic(CALL))
    rival = connections.create_connection("default")
    try:
        rival.set_autocommit(False)
        with rival.cursor() as cursor:
            cursor.execute(watching.LOCK, [str(path)])
        assert take_files(root=folder.parent, now=later).batches == []
        assert names(folder) == {"a.csv"}
    finally:
        rival.rollback()
        rival.close()
    assert len(take_files(root=folder.parent, now=later).batches) == 1
    assert connection.is_usable()


def test_a_lacking_month_is_told_when_due_and_before_the_carrier_drops_it(reference, now):
    """Once each to everybody who may import; a run later or twice tells nobody again."""
    source = UsageSourceFactory(slug="cmcc", expected_every=Expectation.MONTHLY)
    UsageBatch.objects.create(
        source=source, state="stored", first_at=at(1, month=6), last_at=at(30, month=9), created_at=now
    )
    PersonFactory(role=Role.FINANCE)
    PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    PersonFactory(role=Role.AGENT)
    today = business_day(now)
    assert remind_usage(on=today, now=now) == {"lacking": 1, "people": 2}
    remind_usage(on=today, now=now)
    assert InboxItem.objects.count() == 2
    remind_usage(on=today.replace(year=2027, month=3, day=25), now=now)
    october = InboxItem.objects.filter(params__until="2027-03-31")
    assert october.count() == 4
    assert {item.url for item in october} == {f"{reverse('billing:usage-import')}?source=cmcc"}


def test_the_page_shows_what_lacks(client, reference, now):
    UsageSourceFactory(slug="cmcc", expected_every=Expectation.MONTHLY)
    UsageSourceFactory(slug="pbx")
    client.force_login(PersonFactory(role=Role.FINANCE))
    shown = client.get(reverse("billing:usage-import")).context["expected"]
    assert [(one.source.slug, len(one.lacks)) for one in shown] == [("cmcc", 5)]

"""No room left for the database: writes are refused in a sentence, reads go on, and once there is room so do writes."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import LedgerEntry
from billing.selectors.proofs import wrong_balances
from cardfleet.accounts.choices import Role
from cardfleet.accounts.marks import SEEN_AT
from cardfleet.accounts.models import User
from cardfleet.jobs import handlers
from cardfleet.jobs.handlers import Outcome
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.reference import load
from tests.conftest import database_url
from tests.factories.accounts import PASSWORD, PersonFactory, session_of
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory
from tests.template import template_name

SIZE = 96 << 20
NEARLY = 256 << 10
PAGES = ("/", "/cards/", "/inbox/", "/jobs/", "/costs/")
SIGNING_IN = {"password": PASSWORD}
# More rows than the pages have room for that are there already.
TRIES, MOST_SESSIONS = 40, 400


@dataclass(frozen=True)
class Disk:
    """A file system of its own that holds the database's tables, and none of the cluster's write-ahead log."""

    folder: Path

    @property
    def filler(self) -> Path:
        return self.folder / "filler"

    def fill(self, *, but: int = 0) -> None:
        """Leave no room on it, or only so many bytes."""
        with self.filler.open("ab") as file:
            for _try in range(50):
                left = shutil.disk_usage(self.folder).free - but
                if left <= 0:
                    break
                # The database may take some of it between the look and the deed.
                with suppress(OSError):
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, left)
        assert shutil.disk_usage(self.folder).free <= but

    def make_room(self) -> None:
        """Be as before."""
        self.filler.unlink()


@pytest.fixture
def disk(transactional_db, now) -> Iterator[Disk]:
    """A database as migrated, with its reference data, on a small file system; the test's connection leads there."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        cluster = Path(cursor.fetchone()[0])
    name, folder = f"full_{os.getpid()}", cluster.parent / f"full_{os.getpid()}"
    if os.geteuid() != 0 or not cluster.exists():
        pytest.skip("only root may make a small file system, and only beside a PostgreSQL of this machine")
    folder.mkdir()
    owner = cluster.stat().st_uid
    mount = ["/usr/bin/mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700,uid={owner}", "none", str(folder)]
    mounted = subprocess.run(mount, check=False, capture_output=True)
    if mounted.returncode:
        folder.rmdir()
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.decode()}")
    before, address = connection.settings_dict["NAME"], database_url()
    connection.close()
    try:
        tables = folder / "tables"
        tables.mkdir()
        shutil.chown(tables, owner)
        with closing(psycopg2.connect(address)) as other, other.cursor() as cursor:
            other.autocommit = True
            cursor.execute(f"CREATE TABLESPACE {name} LOCATION '{tables}'")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template_name()} TABLESPACE {name}")
        connection.settings_dict["NAME"] = name
        load(now=now)
        yield Disk(folder)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        ContentType.objects.clear_cache()
        with closing(psycopg2.connect(address)) as other, other.cursor() as cursor:
            other.autocommit = True
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"DROP TABLESPACE IF EXISTS {name}")
        subprocess.run(["/usr/bin/umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def use_up_the_sessions_pages(person: User) -> None:
    """Note sessions until the room inside the table's own pages is used up, too."""
    facts = {"user": person, "ip": "127.0.0.1", "user_agent": ""}
    for number in range(MOST_SESSIONS):
        try:
            UserSession.objects.create(session_key=f"{number:032}", **facts)
        except OperationalError:
            return
    pytest.fail(f"{MOST_SESSIONS} sessions found room")


def said_by_doctor() -> str:
    """Return what `doctor room database` prints."""
    said = StringIO()
    with suppress(SystemExit):
        call_command("doctor", "room", "database", stdout=said)
    return said.getvalue()


def test_a_write_that_does_not_fit_is_refused_whole_and_taken_once_there_is_room(disk: Disk) -> None:
    """507 by name, in the API's shape and as a page in Chinese; who wrote reads on; nothing is started anew.

    `doctor` says so, `/readyz` does not: who reads is served.
    """
    card, person = CardFactory(), PersonFactory(role=Role.FINANCE, password=PASSWORD)
    AccountFactory(cards=[card])
    client = Client(raise_request_exception=False)
    client.force_login(person)

    def post(number: int):
        body = {"card": card.pk, "kind": "other_charge", "amount": "1.00", "note": f"{number} {'x' * 400}"}
        given = {"Idempotency-Key": f"post-{number}", "Accept-Language": "zh-hans"}
        return client.post("/api/v1/ledger/", body, content_type="application/json", headers=given)

    assert post(0).status_code == 201
    entries = Entry.objects.count()
    disk.fill()
    answers = [post(number) for number in range(1, TRIES)]
    taken = sum(answer.status_code == 201 for answer in answers)
    refused = [answer for answer in answers if answer.status_code != 201]
    assert refused
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(507, "database_full")}
    assert "数据库没有空间" in refused[0].json()["message"]
    assert LedgerEntry.objects.count() == 1 + taken
    assert Entry.objects.count() == entries + taken
    assert list(wrong_balances()) == []
    use_up_the_sessions_pages(person)
    page = Client(raise_request_exception=False).post(reverse("account_login"), SIGNING_IN | {"login": person.username})
    assert (page.status_code, "数据库没有空间" in page.content.decode()) == (507, True)
    assert [client.get(path).status_code for path in PAGES] == [200] * len(PAGES)
    assert len(client.get("/api/v1/ledger/").json()["results"]) == 1 + taken
    assert client.get("/readyz").json()["checks"]["database"] == "ok"
    assert "!!  room" in said_by_doctor()
    disk.make_room()
    assert {post(number).status_code for number in range(1, TRIES)} == {201}
    assert LedgerEntry.objects.count() == TRIES
    assert "!!" not in said_by_doctor()


def test_a_page_is_not_refused_because_its_session_cannot_be_noted(disk: Disk) -> None:
    """Every few minutes a page notes that a session is in use: without room it does so later."""
    person = PersonFactory(role=Role.FINANCE)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person).session_key
    session, long_ago = client.session, (timezone.now() - timedelta(hours=1)).timestamp()
    session[SEEN_AT] = long_ago
    session.save()
    disk.fill()
    use_up_the_sessions_pages(person)
    assert client.get("/").status_code == 200
    assert client.session[SEEN_AT] == long_ago
    disk.make_room()
    assert client.get("/").status_code == 200
    assert client.session[SEEN_AT] > long_ago


def test_a_job_that_does_not_fit_says_why(disk: Disk, now, monkeypatch) -> None:
    """It fails with the same sentence, as long as that much can be stored; what it had laid aside is gone."""

    def work(_job: Job, _progress: object) -> Outcome:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM generate_series(1, 20000000)")
        return Outcome()

    monkeypatch.setitem(handlers._kinds, "tests.full", handlers.Kind("tests.full", "Full", work))
    job = start_job(kind="tests.full", owner=PersonFactory(), now=now)
    disk.fill(but=NEARLY)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "database_full")
    assert "数据库没有空间" in job.error

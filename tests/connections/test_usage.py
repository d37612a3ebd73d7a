"""Calls fetched from a carrier, by time windows or by files: stored once by the import that reads uploads (R82)."""

import zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from billing.models import UsageBatch, UsageRecord, UsageSource
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from lifecycle.models import Alert, Connection, ConnectionRun
from lifecycle.rules.connections import folder, http
from lifecycle.services.connections.editing import record_connection
from lifecycle.services.connections.running import run_due
from tests.billing.conftest import at, generic
from tests.factories.accounts import PersonFactory

CALL = "13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30"

SETTINGS = {
    "params": {"from": "{since}", "to": "{until}"},
    "source": "cmcc",
    "rows": "calls",
    "total": "count",
    "times": "utc",
    "fields": {
        "msisdn": "own",
        "started_at": "start",
        "direction": "way",
        "counterpart": "peer",
        "duration_s": "minutes",
        "fee": "fen",
        "uid": "id",
    },
    "units": {"duration_s": "minutes", "fee": "fen"},
    "words": {"direction": {"1": "out"}},
}
CALLS = [
    {"own": "13812345678", "start": f"2026-11-20 0{hour}:00:00", "way": 1, "peer": "13900000001", "minutes": 2,
     "fen": 30, "id": f"c{hour}"}
    for hour in (0, 1)
]  # fmt: skip


def test_calls_are_fetched_by_windows_and_stored_once(card, carrier, connect, now, reference):
    """Minutes, fen and UTC as the carrier has them; the windows overlap an hour, and what is known is not doubled."""
    carrier.answer = lambda _asked: {"calls": CALLS, "count": len(CALLS)}
    connect(subject="usage", settings=SETTINGS)
    for hour in range(2):
        assert run_due(now=now + timedelta(hours=hour))["done"] == 1
        run_job(Job.objects.latest("created_at", "pk").pk)
    stored = UsageRecord.objects.order_by("started_at").values_list("started_at", "duration_s", "fee")
    assert list(stored) == [(at(20, 8), 120, Decimal("0.30")), (at(20, 9), 120, Decimal("0.30"))]
    assert UsageBatch.objects.get().rows_stored == 2
    assert list(ConnectionRun.objects.values_list("rows_read", "rows_known")) == [(2, 2), (2, 0)]
    assert [(asked.values["from"], asked.values["to"]) for asked in carrier.asked] == [
        ("2026-11-19T09:30:00+08:00", "2026-11-20T10:30:00+08:00"),
        ("2026-11-20T09:30:00+08:00", "2026-11-20T11:30:00+08:00"),
    ]


def test_half_an_answer_asks_for_no_import(card, carrier, connect, now, reference):
    carrier.answer = lambda _asked: {"calls": CALLS[:1], "count": 2}
    connection = connect(subject="usage", settings=SETTINGS)
    assert run_due(now=now)["failed"] == 1
    connection.refresh_from_db()
    assert (UsageBatch.objects.count(), connection.data_as_of) == (0, None)


@pytest.mark.parametrize(
    ("read", "given"),
    [
        (http.read_settings, {"url": "https://open.carrier.example/", **SETTINGS}),
        (folder.read_settings, {"folder": "a"}),
    ],
)
def test_calls_need_a_source(read, given):
    assert [reason.column for reason in read({**given, "source": ""}, "usage")[1]] == ["source"]


@pytest.fixture
def files(settings, tmp_path, reference) -> Path:
    """The folder of a connection that takes calls."""
    settings.CONNECTIONS_DIR = str(tmp_path)
    (tmp_path / "calls").mkdir()
    return tmp_path / "calls"


@pytest.fixture
def later(now) -> datetime:
    """A moment when every file written in this test lies still for long, and the connection is due."""
    moment = now.fromtimestamp(now.now().timestamp(), now.tzinfo) + timedelta(hours=1)
    facts = {"name": "files", "kind": "folder", "subject": "usage", "settings": {"folder": "calls", "source": "cmcc"}}
    record_connection(facts=facts, actor=None, now=moment)
    return moment


def left(folder: Path) -> set[str]:
    """The files of a folder, by their path in it."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_files_of_calls_are_imported_once_and_moved(card, files, later):
    """R82: all that lie there at once; a second file of the same content adds nothing. The run leads to its import."""
    for name, call in (("a.csv", CALL), ("b.csv", CALL), ("c.csv", CALL.replace("09:00", "10:00"))):
        (files / name).write_text(generic(call))
    assert run_due(now=later) == {"done": 3, "failed": 0, "lost": 0}
    for job in Job.objects.all():
        run_job(job.pk)
    assert (UsageRecord.objects.count(), left(files)) == (2, {"done/a.csv", "done/b.csv", "done/c.csv"})
    runs = ConnectionRun.objects.order_by("pk")
    batches = UsageBatch.objects.order_by("pk")
    assert [list(run.imports.all()) for run in runs] == [[batches[0]], [], [batches[1]]]
    assert {batch.source.slug for batch in batches} == {"cmcc"}


def test_a_file_of_calls_nobody_can_read_is_put_aside_and_told(files, later):
    """R82: with a sentence beside it, and an alert; of an archive the files that can be read are imported."""
    (files / "a.csv").write_text("x,y\n1,2\n")
    assert run_due(now=later)["failed"] == 1
    assert left(files) == {"refused/a.csv", "refused/a.csv.txt"}
    assert (files / "refused" / "a.csv.txt").read_text().strip()
    assert (Alert.objects.get().kind, UsageBatch.objects.count()) == ("connection", 0)
    with zipfile.ZipFile(files / "b.zip", "w") as archive:
        archive.writestr("notes.csv", "x,y\n1,2\n")
        archive.writestr("calls.csv", generic(CALL))
    assert run_due(now=later + timedelta(hours=1))["done"] == 1
    run = ConnectionRun.objects.first()
    assert ([one["column"] for one in run.refused], run.imports.get().name) == (["b.zip › notes.csv"], "calls.csv")
    assert Alert.objects.get().state == "closed"


def test_files_of_calls_are_tried_without_a_trace(card, files, later, client):
    """R82: the first rows as the import would read them."""
    (files / "a.csv").write_text(generic(CALL, "13812345678,never,out,13900000001,61,0.30"))
    client.force_login(PersonFactory(role=Role.ADMIN))
    page = client.post(reverse("admin:lifecycle_connection_try_it", args=[Connection.objects.get().pk]))
    assert [(row.counterpart, row.code) for row in page.context["trial"].calls] == [
        ("+8613900000001", None),
        ("+8613900000001", "time_unreadable"),
    ]
    assert left(files) == {"a.csv"}
    assert (UsageBatch.objects.count(), UsageSource.objects.filter(slug="cmcc").count()) == (0, 0)

"""Calls fetched from a carrier: by time windows, stored once by the import that reads uploads (R82)."""

from datetime import timedelta
from decimal import Decimal

from billing.models import UsageBatch, UsageRecord
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from lifecycle.rules.connections.http import read_settings
from lifecycle.services.connections.running import run_due
from tests.billing.conftest import at

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
    assert sorted(UsageBatch.objects.values_list("rows_stored", "rows_duplicate")) == [(0, 2), (2, 0)]
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


def test_calls_need_a_source():
    given = {"url": "https://open.carrier.example/", **SETTINGS, "source": ""}
    assert [reason.column for reason in read_settings(given, "usage")[1]] == ["source"]

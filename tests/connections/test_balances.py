"""Balances fetched from a carrier's server over HTTP: read whole or not at all (issue 9, part 5; R29)."""

import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import BalanceReading
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.outgoing import Limits
from cardfleet.notify.models import InboxItem
from lifecycle.importers.connectors import json_http
from lifecycle.models import Alert, ConnectionRun
from lifecycle.rules.connections.schedule import wait_after
from lifecycle.selectors.board.queue import queue_of
from lifecycle.selectors.board.ranking import rank
from lifecycle.services.connections.editing import edit_connection
from lifecycle.services.connections.running import run_due
from tests.billing.conftest import at
from tests.connections.carrier import paged
from tests.connections.conftest import BALANCES, NUMBERS, balance
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory

DONE = {"done": 1, "failed": 0, "lost": 0}
FAILED = {"done": 0, "failed": 1, "lost": 0}
FIFTY_MB = lambda _asked: (200, b" " * (50 << 20))  # noqa: E731 - an answer among others
ROWS = [balance(number, 1000 + place) for place, number in enumerate(NUMBERS)]


def the_run() -> ConnectionRun:
    """The latest run."""
    return ConnectionRun.objects.select_related("raw", "connection").first()


def test_all_pages_are_read_and_stored_once(cards, carrier, connect, now):
    """R29: twice is once, the second run finds all of it known. Amounts come in fen, times as they are in Shanghai."""
    carrier.answer = paged(ROWS)
    connect(every_minutes=30)
    assert run_due(now=now) == DONE
    assert sorted(BalanceReading.objects.values_list("balance", "read_at", "source")) == [
        (Decimal("10.00"), at(20, 9), "carrier"),
        (Decimal("10.01"), at(20, 9), "carrier"),
        (Decimal("10.02"), at(20, 9), "carrier"),
    ]
    assert [asked.values for asked in carrier.asked] == [{"page": "1"}, {"page": "2"}]
    assert carrier.asked[0].headers["Authorization"] == "Bearer very-secret"
    run = the_run()
    assert (run.outcome, run.rows_read, run.rows_stored, run.data_as_of) == ("done", 3, 3, at(20, 9))
    assert run_due(now=now + timedelta(minutes=29)) == {"done": 0, "failed": 0, "lost": 0}
    assert run_due(now=now + timedelta(minutes=30)) == DONE
    assert (the_run().rows_stored, the_run().rows_known) == (0, 3)
    assert BalanceReading.objects.count() == 3


def test_raw_answers_are_kept_for_thirty_days_without_our_secret(cards, carrier, connect, now):
    carrier.answer = lambda asked: {**paged(ROWS, size=3)(asked), "you": dict(asked.headers)}
    connect(settings={**BALANCES, "page_size": 3})
    run_due(now=now)
    raw = the_run().raw
    with raw.content.open("rb") as content, zipfile.ZipFile(io.BytesIO(content.read())) as archive:
        assert archive.namelist() == ["0001.json"]
        assert b"Bearer ***" in archive.read("0001.json")
    assert (raw.delete_after, raw.purpose) == (now + timedelta(days=30), "connections.raw")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((200, b"<!DOCTYPE html><p>maintenance"), "answer_not_data"),
        ((200, b'{"data": {"items": [{"phone": "138'), "answer_cut"),
        ((200, b'{"data": {"items": [{"phone": NaN}], "total": 1}}'), "answer_cut"),
        ((200, b"[" * 100_000), "answer_cut"),
        ({"data": {"items": None}}, "answer_shapeless"),
        ({"error": "no such account"}, "answer_shapeless"),
        (paged(ROWS, total=5), "answer_short"),
        (paged(ROWS[:1], total=0), "answer_short"),
        (lambda _asked: {"data": {"items": ROWS[:2], "total": 50}}, "answer_repeats"),
        ((401, b"{}"), "sign_in_refused"),
        ((302, b""), "answer_moved"),
        ((503, b"{}"), "no_answer"),
        ((404, b"{}"), "answer_unusable"),
    ],
)
def test_a_bad_answer_is_refused_whole_and_kept(cards, carrier, connect, now, answer, code):
    """A page of HTML, half a page, a page that repeats, fewer rows than declared: nothing of it is stored."""
    carrier.answer = answer if callable(answer) else lambda _asked: answer
    connection = connect()
    assert run_due(now=now) == FAILED
    run = the_run()
    assert (run.outcome, run.code) == ("failed", code)
    assert run.message
    assert run.raw is not None
    assert BalanceReading.objects.count() == 0
    connection.refresh_from_db()
    assert (connection.failures, connection.last_success_at) == (1, None)


@pytest.mark.parametrize(
    ("fault", "code"),
    [({"promises": 9}, "no_answer"), ({"stall_s": 1.5}, "no_answer"), ({"answer": FIFTY_MB}, "answer_too_large")],
)
def test_half_an_answer_a_slow_one_and_fifty_megabytes_store_nothing(
    cards, carrier, connect, now, monkeypatch, fault, code
):
    """What was promised and does not come, what takes too long, and what nobody reads to its end."""
    monkeypatch.setattr(json_http, "LIMITS", Limits(silence_s=1))
    carrier.answer = paged(ROWS)
    for name, value in fault.items():
        setattr(carrier, name, value)
    connect()
    assert run_due(now=now) == FAILED
    assert (the_run().code, BalanceReading.objects.count()) == (code, 0)


def test_an_answer_in_gb_18030_is_read(cards, carrier, connect, now):
    """Whatever its header says; times in it are those of Shanghai."""
    body = json.dumps({"data": {"items": ROWS, "total": 3, "note": "余额"}}, ensure_ascii=False).encode("gb18030")
    carrier.answer = lambda _asked: (200, body)
    connect(settings={**BALANCES, "page_size": 9})
    assert run_due(now=now) == DONE
    assert BalanceReading.objects.count() == 3


def test_a_number_that_comes_twice_is_stored_once(cards, carrier, connect, now):
    """The same row again is known; of two moments both are kept, each as of its own."""
    carrier.answer = paged([ROWS[0], ROWS[0], balance(NUMBERS[0], 900, "2026-11-20 09:30:00")], size=9)
    connect(settings={**BALANCES, "page_size": 9})
    assert run_due(now=now) == DONE
    stored = BalanceReading.objects.order_by("read_at").values_list("balance", flat=True)
    assert list(stored) == [Decimal("10.00"), Decimal("9.00")]


def test_the_second_page_fails_and_nothing_of_the_first_is_stored(cards, carrier, connect, now):
    carrier.answer = lambda asked: (500, b"") if asked.values["page"] == "2" else paged(ROWS)(asked)
    connect()
    assert run_due(now=now) == FAILED
    assert BalanceReading.objects.count() == 0


def test_yesterdays_data_are_refused(cards, carrier, connect, now):
    """An answer whose newest moment is before what came last is of a copy that stands still."""
    carrier.answer = paged(ROWS)
    connect()
    run_due(now=now)
    carrier.answer = paged([balance(number, 5, at="2026-11-19 09:00:00") for number in NUMBERS])
    assert run_due(now=now + timedelta(hours=1)) == FAILED
    assert the_run().code == "answer_outdated"
    assert BalanceReading.objects.count() == 3


def test_a_balance_older_than_the_last_of_its_card_is_left_out(cards, carrier, connect, now):
    carrier.answer = paged(ROWS)
    connect()
    run_due(now=now)
    carrier.answer = paged(
        [balance(NUMBERS[0], 7, at="2026-11-20 08:00:00"), balance(NUMBERS[1], 8, "2026-11-20 10:00")]
    )
    assert run_due(now=now + timedelta(hours=1)) == DONE
    assert (the_run().rows_stored, the_run().rows_outdated) == (1, 1)


def test_unknown_numbers_and_bad_rows_are_counted_and_named_and_the_rest_stored(cards, carrier, connect, now):
    """The number is masked where it is listed; a clock a minute ahead is taken as now, one a day ahead is not."""
    rows = [
        balance("13900000000", 1),
        balance(NUMBERS[0], "not money"),
        balance(NUMBERS[1], 2, at="2026-11-21 09:00:00"),
        balance(NUMBERS[2], 3, at="2026-11-20 10:31:00"),
        "no object",
    ]
    carrier.answer = paged(rows)
    connect()
    assert run_due(now=now) == DONE
    run = the_run()
    assert (run.rows_read, run.rows_stored, run.rows_refused) == (5, 1, 4)
    assert [(row["line"], row["code"], row.get("column")) for row in run.refused] == [
        (1, "unknown_card", "msisdn"),
        (2, "amount_unreadable", "balance"),
        (3, "time_ahead", "as_of"),
        (5, "row_no_object", None),
    ]
    assert "13900000000" not in str(run.refused)
    assert BalanceReading.objects.get().read_at == now


def test_cards_of_another_carrier_are_left_alone(cards, carrier, connect, now):
    other = CardFactory(msisdn="+8613812345679")
    carrier.answer = paged([balance(other.msisdn, 1), ROWS[0]])
    connect(carrier=cards[0].carrier)
    run_due(now=now)
    assert BalanceReading.objects.count() == 1
    assert (the_run().rows_read, the_run().rows_refused) == (2, 1)
    assert the_run().refused[0]["code"] == "other_carrier"


def test_a_cursor_is_followed_to_its_end_and_not_in_a_circle(cards, carrier, connect, now):
    settings = {
        **{name: value for name, value in BALANCES.items() if name != "page_size"},
        "method": "POST",
        "params": {},
        "body": {"cursor": "{cursor}", "from": "{since}"},
        "next": "data.next",
    }
    following = {"": "b", "b": ""}
    carrier.answer = lambda asked: {
        "data": {"items": [ROWS[len(asked.values["cursor"])]], "total": 2, "next": following[asked.values["cursor"]]}
    }
    connect(settings=settings)
    assert run_due(now=now) == DONE
    assert [asked.values for asked in carrier.asked] == [{"cursor": "", "from": ""}, {"cursor": "b", "from": ""}]
    following["b"] = "b"
    assert run_due(now=now + timedelta(hours=1)) == FAILED
    assert the_run().code == "answer_repeats"
    assert carrier.asked[2].values["from"] == "2026-11-20T09:00:00+08:00"


def test_numbers_are_asked_for_in_portions(cards, carrier, connect, now):
    settings = {
        "params": {"phones": "{numbers}"},
        "numbers_per_call": 2,
        "rows": "items",
        "as_of": "at",
        "times": "utc",
        "fields": {"msisdn": "n", "balance": "b"},
    }
    carrier.answer = lambda asked: {
        "at": "2026-11-20 01:00:00",
        "items": [{"n": number, "b": 1.5} for number in asked.values["phones"].split(",")],
    }
    connect(settings=settings)
    assert run_due(now=now) == DONE
    assert [len(asked.values["phones"].split(",")) for asked in carrier.asked] == [2, 1]
    assert set(BalanceReading.objects.values_list("balance", "read_at")) == {(Decimal("1.50"), at(20, 9))}


def test_one_alert_opens_after_three_failures_and_closes_with_the_next_success(
    cards, carrier, connect, now, reference, client
):
    """Back-off doubles up to an hour; who may see to connections is told once that it fails, and once that it works.

    The alert stands on the board meanwhile, for who sees connections, and closes by itself.
    """
    administrator = PersonFactory(role=Role.ADMIN)
    carrier.answer = lambda _asked: (500, b"")
    connection = connect(every_minutes=600)
    waits, moment = [], now
    for _time in range(7):
        assert run_due(now=moment) == FAILED
        connection.refresh_from_db()
        waits.append((connection.next_try_at - moment).total_seconds() / 60)
        moment = connection.next_try_at
    assert waits == [2, 4, 8, 16, 32, 60, 60]
    assert connection.failing_since == now + timedelta(minutes=6)
    assert list(InboxItem.objects.values_list("user", "code")) == [(administrator.pk, "lifecycle.connection_fails")]
    alert = Alert.objects.get()
    params = {"since": "2026-11-20 10:36", "reason": connection.runs.first().message}
    assert (alert.connection, alert.kind, alert.state, alert.params) == (connection, "connection", "open", params)
    assert [task.alert for task in queue_of(rank(administrator, now=moment, first=9), first=9).today] == [alert]
    assert not Alert.objects.visible_to(PersonFactory(role=Role.COMPLIANCE)).exists()
    client.force_login(administrator)
    page = reverse("admin:lifecycle_connection_change", args=[connection.pk])
    for shown in ("/", reverse("lifecycle:alerts"), reverse("lifecycle:alert", args=[alert.pk])):
        assert page.encode() in client.get(shown).content
    carrier.answer = paged(ROWS)
    assert run_due(now=moment) == DONE
    connection.refresh_from_db()
    assert (connection.failures, connection.failing_since) == (0, None)
    assert Alert.objects.get().state == "closed"
    assert InboxItem.objects.filter(code="lifecycle.connection_works").count() == 1
    actions = Entry.objects.filter(action__startswith="lifecycle.connection_").values_list("action", flat=True)
    assert [action.rpartition("_")[2] for action in actions.order_by("id")] == ["recorded", "failing", "recovered"]


def test_a_connection_that_is_switched_off_has_no_open_alert(cards, carrier, connect, now, reference):
    """Switched on again it has the same one, since it failed when it was asked last."""
    carrier.answer = lambda _asked: (500, b"")
    connection = connect()
    for minutes in (0, 2, 6):
        assert run_due(now=now + timedelta(minutes=minutes)) == FAILED
    for is_enabled, state in ((False, "closed"), (True, "open")):
        edit_connection(connection_id=connection.pk, changes={"is_enabled": is_enabled}, actor=None, now=now)
        assert Alert.objects.get().state == state


def test_the_secret_is_kept_when_none_is_given_and_is_nowhere_else(cards, carrier, connect, now):
    connection = connect()
    changed = edit_connection(connection_id=connection.pk, changes={"secret": "", "name": "new"}, actor=None, now=now)
    assert (changed.secret, changed.name) == ("very-secret", "new")
    assert "very-secret" not in str(list(Entry.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(("failures", "minutes"), [(1, 2), (2, 4), (3, 5), (50, 5)])
def test_nobody_waits_longer_than_usual_for_the_next_try(failures, minutes):
    assert wait_after(failures, every=timedelta(minutes=5)) == timedelta(minutes=minutes)

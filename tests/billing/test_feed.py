"""The live feed: `POST /api/v1/usage/` (R13; design section 5)."""

import json
from base64 import b64encode
from datetime import timedelta
from decimal import Decimal
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from billing.choices import SourceRole
from billing.errors import FeedBusy
from billing.models import (
    LedgerEntry,
    UsageBatch,
    UsageDaily,
    UsageRecord,
    UsageReject,
)
from billing.selectors.proofs import wrong_balances, wrong_usage
from billing.services import feed
from billing.services.feed import take_calls
from billing.services.revocation import revoke_batch
from billing.services.usage_import import ONE_AT_A_TIME
from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.access import issue_token
from tests.billing.conftest import at
from tests.billing.test_api import API, signed_in
from tests.factories.accounts import PersonFactory
from tests.factories.billing import UsageSourceFactory

URL = f"{API}usage/"


def call(number: int = 1, **facts) -> dict:
    """A call in the generic names."""
    return {
        "msisdn": "13812345678", "started_at": f"2026-11-19T09:{number // 60:02}:{number % 60:02}+08:00",
        "direction": "out", "counterpart": "13900000001", "duration_s": 61, "answered": True, "uid": f"a-{number}",
        **facts,
    }  # fmt: skip


@pytest.fixture
def api(reference) -> APIClient:
    return signed_in(Role.SUPERVISOR)


def post(api: APIClient, *rows, **facts):
    return api.post(URL, {"source": "dialler", "rows": rows, **facts}, format="json")


def statuses(answer) -> list[str]:
    return [row["status"] for row in answer.json()["rows"]]


def test_calls_are_stored_rolled_up_and_answered_row_by_row(card, api):
    """R13: minutes and fees are recorded as the calls happen."""
    bad = call(3, started_at="2026-02-31 09:00:00", uid="bad")
    answer = post(api, call(1), call(2, duration_s=0, answered=False), bad, call(1))
    assert (answer.status_code, statuses(answer)) == (200, ["stored", "stored", "refused", "known"])
    body = answer.json()
    assert [body[name] for name in ("stored", "known", "refused", "skipped")] == [2, 1, 1, 0]
    refused = body["rows"][2]
    assert (refused["row"], refused["uid"], refused["code"], refused["column"]) == (
        3,
        "bad",
        "no_such_day",
        "started_at",
    )
    assert refused["message"]
    record = UsageRecord.objects.order_by("started_at").first()
    assert (record.card_id, record.started_at, record.fee, record.rated_fee) == (
        card.pk, at(19, 9, 0, 1), None, Decimal("0.30"),
    )  # fmt: skip
    day = UsageDaily.objects.get()
    assert (day.role, day.calls, day.answered) == ("live", 2, 1)
    assert not [*wrong_usage(), *wrong_balances()]


def test_the_same_post_again_adds_nothing(card, api):
    rows = [call(1), call(2), call(3, msisdn="13899999999")]
    post(api, *rows)
    before = (UsageRecord.objects.count(), LedgerEntry.objects.count(), UsageReject.objects.count())
    answer = post(api, *rows)
    assert statuses(answer) == ["known", "known", "refused"]
    assert before == (2, 1, 1)
    assert before == (UsageRecord.objects.count(), LedgerEntry.objects.count(), UsageReject.objects.count())


def test_one_batch_a_source_and_day_that_grows_and_can_be_revoked(card, api, now):
    first = post(api, call(1)).json()["batch"]
    answer = post(api, call(2), call(3, duration_s="6l"))
    assert answer.json()["batch"] == first
    batch = UsageBatch.objects.get()
    assert (batch.rows_read, batch.rows_stored, batch.rows_refused) == (3, 2, 1)
    assert (batch.first_at, batch.last_at) == (at(19, 9, 0, 1), at(19, 9, 0, 2))
    assert UsageReject.objects.get().line == 3
    assert post(api, call(4), source="pbx").json()["batch"] != first
    revoke_batch(batch=batch, reason="a wrong clock", actor=None, now=now)
    assert UsageRecord.objects.count() == 1
    again = post(api, call(1)).json()
    assert (again["stored"], again["batch"] == first) == (1, False)
    assert not [*wrong_usage(), *wrong_balances()]


@pytest.mark.parametrize(
    "body",
    [
        [call(1)],
        call(1),
        {"calls": [call(1)]},
        {"rows": [call(1, started_at=int(at(19, 9, 0, 1).timestamp()), duration_s="61", fee="0.30")]},
    ],
)
def test_a_list_one_call_and_numbers_of_any_kind(body, card, api):
    answer = api.post(f"{URL}?source=dialler", body, format="json")
    assert statuses(answer) == ["stored"]
    assert UsageRecord.objects.get().started_at == at(19, 9, 0, 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, None), ([], "no_rows"), ({"rows": []}, "no_rows"), ("text", "no_rows"), ([1], "row_no_object"),
        ([call(1)] * 1001, "too_many_rows"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_calls_is_400_and_leaves_nothing(body, code, api):
    answer = api.post(f"{URL}?source=dialler", body, format="json")
    if code is None:
        assert statuses(answer) == ["refused"]
        return
    assert (answer.status_code, answer.json()["details"][0]["code"]) == (400, code)
    assert not UsageBatch.objects.exists()
    assert api.post(f"{URL}?source=no slug", [call(1)], format="json").status_code == 400


@pytest.mark.parametrize(
    "odd", ["\x00", "\ud800", "a\x1fb", "\\N", "a\tb\nc", "合计", {"a": 1}, [], True, None, 1e999, "x" * 5000]
)
def test_nothing_that_json_can_hold_breaks_a_post(odd, card, api):
    body = json.dumps([call(1), *(call(n, **{name: odd}) for n, name in enumerate(call(), 2))])
    answer = api.generic("POST", URL, body, content_type="application/json")
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or statuses(answer)[0] == "stored"


def test_a_right_of_its_own(card, reference):
    assert post(signed_in(Role.FINANCE), call(1)).status_code == 403
    assert APIClient().post(URL, [call(1)], format="json").status_code == 401
    assert not UsageRecord.objects.exists()


def test_the_token_signs_in_also_as_a_password(card, reference):
    """mod_json_cdr knows HTTP Basic only (`cred`)."""
    token, _expiry = issue_token(person=PersonFactory(role=Role.SUPERVISOR), now=timezone.now())
    for given in (f"Token {token}", f"Basic {b64encode(f'pbx:{token}'.encode()).decode()}"):
        assert APIClient().post(URL, [call(1)], format="json", headers={"Authorization": given}).status_code == 200
    for given in ("Basic x", f"Basic {b64encode(b'pbx:wrong').decode()}"):
        assert APIClient().post(URL, [call(2)], format="json", headers={"Authorization": given}).status_code == 401


def test_a_carriers_source_takes_no_live_calls(card, api):
    UsageSourceFactory(slug="dialler", role=SourceRole.CARRIER)
    assert post(api, call(1)).json()["code"] == "source_not_live"


def test_a_fixed_number_of_statements_a_post(card, api):
    """Posts of two hundred calls in a row take the same statements each, and store each call once."""
    counts = []
    for turn in range(4):
        start = at(19) + timedelta(minutes=turn)
        rows = [
            call(n, uid=f"{turn}-{n}", started_at=(start + timedelta(milliseconds=n * 250)).isoformat())
            for n in range(200)
        ]
        with CaptureQueriesContext(connection) as queries:
            assert post(api, *rows).json()["stored"] == 200
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1, counts
    assert post(api, *rows).json()["known"] == 200
    assert UsageRecord.objects.count() == 800
    assert not [*wrong_usage(), *wrong_balances()]


@pytest.mark.django_db(transaction=True)
def test_two_posts_of_the_same_calls_at_once_store_them_once(card, now):
    """Rival writers on a real server."""
    actor = PersonFactory()
    UsageSourceFactory(slug="dialler", role="live")
    taken = []

    def send() -> None:
        try:
            taken.append(take_calls(slug="dialler", body=[call(n) for n in range(50)], actor=actor, now=now))
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.count("stored") for one in taken) == [0, 0, 0, 50]
    assert sorted(one.count("known") for one in taken) == [0, 50, 50, 50]
    assert UsageRecord.objects.count() == 50
    assert UsageBatch.objects.count() == 1
    assert not [*wrong_usage(), *wrong_balances()]


def test_a_days_batch_has_its_page(card, api, client, reference):
    batch = post(api, call(1), call(2, duration_s="6l")).json()["batch"]
    client.force_login(PersonFactory(role=Role.ADMIN))
    assert client.get(reverse("billing:usage-import")).status_code == 200
    assert client.get(reverse("billing:usage-batch", args=[batch])).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_posts_while_a_large_file_is_stored_is_told_to_come_again(card, now, monkeypatch):
    monkeypatch.setattr(feed, "PATIENCE", "SET LOCAL lock_timeout = '100ms'")
    held, done = Event(), Event()

    def store_a_file() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(ONE_AT_A_TIME)
                held.set()
                done.wait(30)
        finally:
            connections.close_all()

    thread = Thread(target=store_a_file)
    thread.start()
    held.wait(30)
    actor = PersonFactory()
    with pytest.raises(FeedBusy):
        take_calls(slug="dialler", body=[call(1)], actor=actor, now=now)
    done.set()
    thread.join()
    assert take_calls(slug="dialler", body=[call(1)], actor=actor, now=now).count("stored") == 1

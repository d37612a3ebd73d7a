"""The event feed: the journal in the order of positions, nothing passed over, nothing personal in it."""

from datetime import timedelta

import psycopg2
import pytest
from django.db import transaction
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.journal.events import for_programs
from cardfleet.journal.models import Entry, Seal
from cardfleet.journal.recording import record
from cardfleet.journal.sealing import seal_journal
from tests.conftest import database_url
from tests.factories.accounts import PersonFactory

FEED = "/api/v1/events/"
ACTION = "accounts.team_created"


def write(now, subject: str = "tests.thing:1", **facts) -> Entry:
    with transaction.atomic():
        return record(**({"actor": None, "action": ACTION, "subject": subject, "now": now} | facts))


@pytest.fixture
def api(db, request) -> APIClient:
    """The feed, asked by compliance."""
    request.getfixturevalue("reference")
    client = APIClient()
    client.force_authenticate(PersonFactory(role=Role.COMPLIANCE))
    seal_journal(now=request.getfixturevalue("now"))
    return client


def last() -> int:
    head = Seal.objects.head()
    return head.position if head else 0


@pytest.mark.django_db(transaction=True)
def test_who_reads_on_misses_nothing_that_commits_late(api, now) -> None:
    """R14: two connections; the entry with the lower id commits after the one with the higher was read."""
    start = last()
    late = psycopg2.connect(database_url())
    try:
        with late.cursor() as cursor:
            cursor.execute(
                "INSERT INTO journal_entry (at, action, subject, related, reason, data, request_id) "
                "VALUES (now(), %s, 'tests.late:1', '[]', '', '{}', '')",
                [ACTION],
            )
        write(now, "tests.early:1")
        first = api.get(FEED, {"after": start}).json()["results"]
        assert [event["subject"] for event in first] == ["tests.early:1"]
        assert api.get(FEED, {"after": first[-1]["id"]}).json()["results"] == []
        late.commit()
    finally:
        late.close()
    second = api.get(FEED, {"after": first[-1]["id"]}).json()["results"]
    assert [(event["subject"], event["id"]) for event in second] == [("tests.late:1", first[-1]["id"] + 1)]


def test_an_event_is_the_entry_without_what_people_typed(api, now) -> None:
    person, start = PersonFactory(staff_no="A0017", name="张三"), last()
    data = {"count": 3, "on": "2026-11-20", "note": "张三", "kinds": ["a_b", "13800001234"], "amount": "12.50"}
    write(now, actor=person, reason="张三 13800001234", data=data, related=("cards.card:7",))
    answer = api.get(FEED, {"after": start})
    assert answer.json() == {
        "results": [
            {
                "id": start + 1,
                "type": ACTION,
                "time": "2026-11-20T02:30:00+00:00",
                "actor": {"id": person.pk, "staff_no": "A0017"},
                "subject": "tests.thing:1",
                "related": ["cards.card:7"],
                "data": {"count": 3, "on": "2026-11-20", "note": None, "kinds": ["a_b", None], "amount": "12.50"},
            }
        ],
        "next": None,
        "previous": None,
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_feed_costs_the_same_however_long(count: int, api, now, django_assert_num_queries) -> None:
    start = last()
    for _ in range(count):
        write(now, actor=PersonFactory())
    seal_journal(now=now)
    with django_assert_num_queries(9):
        assert len(api.get(FEED, {"after": start}).json()["results"]) == count


def test_it_is_read_page_by_page(api, now) -> None:
    start = last()
    for number in range(5):
        write(now, f"tests.thing:{number}")
    read, address = [], f"{FEED}?after={start}&page_size=2"
    while address:
        page = api.get(address).json()
        read += [event["subject"] for event in page["results"]]
        address = page["next"]
    assert read == [f"tests.thing:{number}" for number in range(5)]


def test_it_is_filtered(api, now) -> None:
    start, later = last(), now + timedelta(hours=1)
    write(now, "cards.card:7")
    write(now, "cards.card:70", action="accounts.team_moved")
    write(later, "tests.thing:1", related=("cards.card:7",), action="accounts.team_renamed")
    for query, found in (
        ({"card": 7}, ["cards.card:7", "tests.thing:1"]),
        ({"subject": "cards.card:70"}, ["cards.card:70"]),
        ({"action": f"{ACTION},accounts.team_moved"}, ["cards.card:7", "cards.card:70"]),
        ({"since": later.isoformat()}, ["tests.thing:1"]),
    ):
        results = api.get(FEED, {"after": start, **query}).json()["results"]
        assert [event["subject"] for event in results] == found, query


@pytest.mark.parametrize(
    "query",
    [
        *({"after": "x"}, {"after": "-1"}, {"after": "9" * 19}, {"page_size": 501}),
        *({"action": "x.y"}, {"card": "a"}, {"since": "yesterday"}, {"cursor": "1"}),
    ],
)
def test_what_cannot_be_asked_for_is_named(query, api) -> None:
    answer = api.get(FEED, query)
    assert (answer.status_code, [one["field"] for one in answer.json()["details"]]) == (400, list(query))


def test_the_head_is_answered_to_be_kept(api, now) -> None:
    write(now)
    seal_journal(now=now)
    head = Seal.objects.head()
    assert api.get(f"{FEED}head/").json()["hash"] == head.hash


def test_reading_needs_the_right_to_read_the_journal(reference) -> None:
    client = APIClient()
    client.force_authenticate(PersonFactory(role=Role.SUPERVISOR))
    assert client.get(FEED).status_code == client.get(f"{FEED}head/").status_code == 403


@pytest.mark.parametrize("said", ["换卡", "Call Li", "+8613800001234", "13800001234", "a@example.com", ""])
def test_no_text_that_somebody_typed_is_passed_on(said: str) -> None:
    assert for_programs({"note": said}) == {"note": None}

"""The journal: written with the deed, never changed, read by those with the right."""

from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.teams import create_team
from cardfleet.journal import registry
from cardfleet.journal.models import Entry
from cardfleet.journal.recording import record
from cardfleet.journal.selectors import timeline, told
from tests.factories.accounts import PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db


def write(subject: str = "cards.card:7", **facts) -> Entry:
    return record(**({"actor": None, "action": "accounts.team_created", "subject": subject} | facts))


@pytest.mark.parametrize(
    "sql",
    ["UPDATE journal_entry SET reason = 'x'", "DELETE FROM journal_entry", "UPDATE journal_entry SET at = now()"],
)
def test_the_database_itself_refuses_to_change_an_entry(sql: str, now) -> None:
    """Invariant 4: the journal is append-only."""
    write(now=now)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Entry.objects.get().at == now


def test_an_action_nobody_registered_is_a_defect(now) -> None:
    with pytest.raises(KeyError):
        write(action="accounts.flew_away", now=now)
    with pytest.raises(ValueError, match="twice"):
        registry.register("accounts.team_created", "x")


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_written_in_the_deeds_transaction_or_not_at_all(now) -> None:
    with pytest.raises(RuntimeError):
        write(now=now)
    with transaction.atomic():
        create_team(name="x", actor=None, now=now)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_a_request_leaves_its_id_in_the_entry(client) -> None:
    person = PersonFactory()
    client.force_login(person)
    client.post("/i18n/setlang/", {"language": "en"}, headers={"X-Request-ID": "request-0001"})
    entry = Entry.objects.get()
    assert (entry.request_id, entry.actor, entry.actor_name) == ("request-0001", person, person.username)


def test_a_timeline_holds_what_names_the_subject(now) -> None:
    write(now=now)
    write("cards.card:70", now=now)
    write("agents.agent:1", related=("cards.card:7",), reason="领用", now=now)
    assert [line.entry.subject for line in timeline("cards.card:7", limit=9)] == ["agents.agent:1", "cards.card:7"]
    assert timeline("cards.card:7", limit=1)[0].action.icon == "users-plus"


def test_an_action_that_is_gone_still_shows(now) -> None:
    entry = write(data={"from": 1, "to": None}, now=now)
    entry.action = "old.deed"
    line = told([entry])[0]
    assert (line.action.label, [value for _name, value in line.details]) == ("old.deed", ["1"])


@pytest.fixture
def reader(reference, client):
    person = PersonFactory(role=Role.COMPLIANCE, language="en")
    client.force_login(person)
    return person


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_long(count: int, reader, client, now, django_assert_num_queries) -> None:
    for _ in range(count):
        write("tests.thing:1", actor=PersonFactory(), now=now)
    with django_assert_num_queries(5):
        page = client.get("/journal/", {"search": "tests.thing:1"})
    assert len(page.context["told"]) == count


def test_the_page_is_filtered_and_paged(reader, client, now) -> None:
    yesterday = now - timedelta(days=1)
    for _ in range(51):
        write("tests.thing:1", now=now)
    old = write("tests.thing:1", action="accounts.team_moved", actor=PersonFactory(name="张三"), now=yesterday)
    pages = client.get("/journal/", {"search": "tests.thing:1"})
    assert len(pages.context["told"]) == 50
    rest = client.get("/journal/", {"search": "tests.thing:1", "cursor": pages.context["next"]})
    assert [len(rest.context["told"]), rest.context["next"]] == [2, ""]
    for query in (
        {"action": "accounts.team_moved"},
        {"search": "张三"},
        {"search": "tests.thing:1", "until": "2026-11-19"},
    ):
        assert [line.entry for line in client.get("/journal/", query).context["told"]] == [old], query
    for query in ({"action": "x"}, {"since": "31/02"}):
        assert client.get("/journal/", query).context["told"] == []


def test_reading_needs_the_right(reference, client) -> None:
    for role in (Role.AGENT, Role.SUPERVISOR, Role.FINANCE):
        client.force_login(PersonFactory(role=role))
        assert client.get("/journal/").status_code == 403, role


def test_the_administration_shows_and_changes_nothing(reader, client, now) -> None:
    TeamFactory()
    entry = write(now=now)
    assert client.get("/admin/journal/entry/").status_code == 200
    assert client.get(f"/admin/journal/entry/{entry.pk}/change/").status_code == 200
    assert client.post(f"/admin/journal/entry/{entry.pk}/change/", {"reason": "x"}).status_code == 403
    assert client.post(f"/admin/journal/entry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/journal/entry/add/").status_code == 403

"""Writes that come twice, also at the same moment, and writes to what has changed: every operation of the schema."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from rest_framework.test import APIClient

from agents.models import Absence
from cardfleet.accounts.services.access import issue_token
from cardfleet.jobs.models import IdempotencyKey
from cardfleet.jobs.services import idempotency
from cardfleet.jobs.services.idempotency import forget_old_keys
from cardfleet.journal.models import Entry
from tests.api.operations import OWN, Operation, write_operations
from tests.cards.test_rivals import beside
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory

ABSENCES = "/api/v1/absences/"
KEY = {"Idempotency-Key": "k"}
# Nobody has signed in yet, whose key it would be; a second sign-in is a second token.
KEYLESS = {"POST /api/v1/auth/token/"}
WRITES = {str(one): one for one in write_operations()}
KEYED = sorted(WRITES.keys() - KEYLESS)
ABOUT_ONE = sorted(name for name, one in WRITES.items() if "{id}" in one.path)


def caller() -> APIClient:
    """Return a client of somebody who may do everything."""
    api = APIClient(headers={"Accept-Language": "en"})
    api.force_authenticate(PersonFactory(is_superuser=True))
    return api


def ask(api: APIClient, one: Operation, things, headers):
    """Send an operation an empty body."""
    return getattr(api, one.method)(one.address(things), {}, format=one.form, headers=headers)


def test_every_write_takes_a_key_and_every_write_to_a_thing_a_tag() -> None:
    assert {name for name, one in WRITES.items() if "Idempotency-Key" not in one.headers} == KEYLESS
    assert sorted(name for name, one in WRITES.items() if "If-Match" in one.headers) == ABOUT_ONE
    assert all("412" in WRITES[name].spec["responses"] for name in ABOUT_ONE)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_every_write_reads_its_key(things) -> None:
    """A key that is too long is refused by its name, before the body is looked at."""
    api, before = caller(), Entry.objects.count()
    for name in KEYED:
        answer = ask(api, WRITES[name], things, {"Idempotency-Key": "k" * 201})
        assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "Idempotency-Key"), name
    assert Entry.objects.count() == before


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_every_write_to_a_thing_that_changed_since_it_was_read_is_refused(things) -> None:
    api, before = caller(), Entry.objects.count()
    told = {}
    for name in ABOUT_ONE:
        answer = ask(api, WRITES[name], things, {"If-Match": '"as it was"'})
        told[name] = (answer.status_code, answer.json()["code"])
    stale = {name for name, answer in told.items() if answer == (412, "stale")}
    assert {name: told[name] for name in set(ABOUT_ONE) - stale} == dict.fromkeys(OWN - stale, (404, "not_found"))
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_a_key_is_kept_for_a_day_and_new_after_it() -> None:
    api, agents = caller(), AgentFactory.create_batch(2)
    bodies = [{"agent": agent.pk, "kind": "leave", "starts_on": "2030-01-07"} for agent in agents]
    with time_machine.travel(FRIDAY, tick=False) as clock:
        first = api.post(ABSENCES, bodies[0], headers=KEY)
        clock.shift(timedelta(hours=24, seconds=-1))
        forget_old_keys(now=FRIDAY + timedelta(hours=24))
        assert api.post(ABSENCES, bodies[0], headers=KEY).json() == first.json()
        assert api.post(ABSENCES, bodies[1], headers=KEY).status_code == 422
        clock.shift(timedelta(seconds=1))
        assert api.post(ABSENCES, bodies[1], headers=KEY).status_code == 201
    assert Absence.objects.count() == 2
    assert forget_old_keys(now=FRIDAY + timedelta(hours=48, seconds=1)) == 1


@pytest.mark.django_db
def test_a_kept_answer_cannot_be_read_in_the_database() -> None:
    """A new token's answer holds it; the same request by the same token is told it again, by another of theirs not."""
    person = PersonFactory(is_superuser=True)
    ours, other = (issue_token(person=person, now=FRIDAY)[0] for _each in range(2))
    body = {"name": "dialler", "areas": ["cards"]}
    with time_machine.travel(FRIDAY):
        first, again, elsewhere = (
            APIClient(headers={"Authorization": f"Token {token}", **KEY}).post("/api/v1/tokens/", body)
            for token in (ours, ours, other)
        )
    assert (first.status_code, first.json()) == (201, again.json())
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "idempotency_key_reused")
    [stored] = IdempotencyKey.objects.extra(select={"raw": "answer"}).values_list("raw", flat=True)
    assert first.json()["token"] not in stored


@pytest.fixture
def rivals(transactional_db):
    """Two clients of one person who send the same absence with the same key."""
    person, agent = PersonFactory(is_superuser=True), AgentFactory()
    answers = []

    def post() -> None:
        api = APIClient(headers={**KEY, "Accept-Language": "en"})
        api.force_authenticate(person)
        answers.append(api.post(ABSENCES, {"agent": agent.pk, "kind": "leave", "starts_on": "2030-01-07"}))

    return post, answers


def test_of_two_at_the_same_moment_one_is_done_and_the_other_answered_the_same(rivals) -> None:
    post, answers = rivals
    assert beside(post, post) is None
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert Absence.objects.count() == 1


def test_what_takes_long_is_not_waited_for_for_ever(rivals, monkeypatch) -> None:
    post, answers = rivals
    monkeypatch.setattr(idempotency, "PATIENCE", "SET LOCAL lock_timeout = '100ms'")

    def wait_for_the_other() -> None:
        post()
        while len(answers) < 2:
            transaction.get_connection().cursor().execute("SELECT pg_sleep(0.02)")

    assert beside(wait_for_the_other, post) is None
    assert (answers[1].status_code, answers[1].json()["code"]) == (409, "idempotency_key_in_use")
    assert answers[1]["Retry-After"] == "5"
    post()
    assert answers[2].json() == answers[0].json()
    assert Absence.objects.count() == 1


def test_what_was_killed_in_between_may_come_again(rivals) -> None:
    """The key goes with the deed: the transaction of a worker that dies is rolled back."""
    post, answers = rivals

    def be_killed() -> None:
        with transaction.atomic():
            post()
            transaction.set_rollback(True)

    be_killed()
    assert (Absence.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    post()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert "Idempotent-Replayed" not in answers[1]
    assert Absence.objects.count() == 1

"""Many writes of the API in one request: each row stands alone, and is done once however often the job runs."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from agents.models import Absence
from cardfleet.accounts.choices import Role
from cardfleet.accounts.rules import Terms
from cardfleet.accounts.services.access import issue_token
from cardfleet.jobs.models import Job, JobItem
from cardfleet.jobs.services import retry_refused
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cards.models import CardNote
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import BudgetFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
WRITES = "/api/v1/writes/"


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def desk(team):
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


def client(person) -> APIClient:
    api = APIClient(headers={"Accept-Language": "en"})
    api.force_authenticate(person)
    return api


def absence(agent, **more):
    """Return the row that makes an absence."""
    body = {"agent": agent.pk, "kind": "leave", "starts_on": "2030-01-07", **more}
    return {"method": "POST", "path": "/api/v1/absences/", "body": body}


def note(card, text="Rings at times"):
    """Return the row that writes a note."""
    return {"method": "POST", "path": "/api/v1/notes/", "body": {"card": card.pk, "text": text}}


def asked(api, *rows) -> Job:
    """Ask for rows and return their job, waiting."""
    answer = api.post(WRITES, {"rows": rows})
    assert answer.status_code == 202, answer.json()
    return Job.objects.get(pk=answer.json()["id"])


def run(job: Job) -> Job:
    """Let a worker do a job and return it as it ended."""
    run_job(job.pk)
    return Job.objects.get(pk=job.pk)


def test_rows_make_change_and_do_and_each_stands_alone(team) -> None:
    """One is refused for its data, one is outside what there is, one is stale; the others are done, and tell what."""
    api = client(PersonFactory(is_superuser=True))
    agent, card = AgentFactory(user__team=team), CardFactory(team=team)
    budget = BudgetFactory(team=team, starts_on=timezone.now().date().replace(day=1))
    rows = [
        absence(agent),
        absence(agent, kind="colour"),
        {"method": "PATCH", "path": f"/api/v1/budgets/{budget.pk}/", "body": {"amount": "77.00"}},
        {"method": "PATCH", "path": f"/api/v1/budgets/{budget.pk}/", "body": {"amount": "78.00"}, "if_match": '"x"'},
        {"method": "POST", "path": f"/api/v1/cards/msisdn:{card.msisdn}/tags/", "body": {"add": ["Key account"]}},
        {"method": "POST", "path": f"/api/v1/cards/{card.pk + 999}/tags/", "body": {"add": ["Key account"]}},
        {"method": "POST", "path": f"/api/v1/budgets/{budget.pk}/remove/"},
    ]
    job = run(asked(api, *rows))
    assert (job.state, job.total, job.succeeded, job.refused) == ("partial", 7, 4, 3)
    refused = api.get(f"/api/v1/jobs/{job.pk}/rows/").json()["results"]
    assert [(row["line"], row["code"], row["column"]) for row in refused] == [
        (2, "invalid_choice", "kind"),
        (4, "stale", ""),
        (6, "not_found", ""),
    ]
    assert refused[0]["label"] == "POST /api/v1/absences/"
    assert refused[0]["message"] == '"colour" is not a valid choice.'
    done = api.get(f"/api/v1/jobs/{job.pk}/done/", {"page_size": 500}).json()["results"]
    subjects = {1: Absence.objects.get().pk, 3: budget.pk, 5: card.pk, 7: budget.pk}
    assert {row["line"]: row["subject"] for row in done} == subjects
    assert card.tags.get().name == "Key account"


def test_a_worker_that_was_cut_off_goes_on_where_it_was(desk, team, monkeypatch) -> None:
    """What is done is done once: the row and the note of it are one transaction."""
    cards = CardFactory.create_batch(3, team=team)
    job = asked(client(desk), *map(note, cards))

    class Killed(BaseException):
        """The worker is gone."""

    def note_two_and_die(**facts):
        noted.append(facts["subject"])
        if len(noted) == 3:
            raise Killed

    noted: list[int] = []
    with monkeypatch.context() as patched:
        patched.setattr("cardfleet.jobs.writes.note_subject", note_two_and_die)
        with pytest.raises(Killed):
            run_job(job.pk)
    assert (CardNote.objects.count(), job.items.count()) == (2, 2)
    Job.objects.filter(pk=job.pk).update(state="queued")
    again = run(job)
    assert (again.state, again.succeeded, CardNote.objects.count()) == ("done", 3, 3)
    assert run(job).attempts == again.attempts


def test_a_defect_in_a_row_keeps_nobody_from_the_others(desk, team, monkeypatch) -> None:
    cards = CardFactory.create_batch(2, team=team)
    job = asked(client(desk), *map(note, cards))
    monkeypatch.setattr("cards.api.notes.write_note", lambda **_facts: 1 / 0)
    assert [(row.line, row.code) for row in run(job).rows.all()] == [(1, "unexpected"), (2, "unexpected")]
    assert (JobItem.objects.count(), CardNote.objects.count()) == (0, 0)


def test_refused_rows_alone_are_tried_again(desk, team) -> None:
    cards = [CardFactory(team=team), CardFactory(team=TeamFactory())]
    job = run(asked(client(desk), *map(note, cards)))
    assert (job.succeeded, job.refused) == (1, 1)
    cards[1].team = team
    cards[1].save()
    again = run(retry_refused(job=job, actor=desk, now=FRIDAY))
    assert (again.state, again.total, CardNote.objects.count()) == ("done", 1, 2)


def test_rows_need_the_rights_and_the_scope_of_who_asks(desk, team) -> None:
    """Nothing more is possible than one by one: an agent writes no note, a supervisor none on another team's card."""
    elsewhere = CardFactory(team=TeamFactory())
    agent = PersonFactory(role=Role.AGENT, team=team)
    jobs = [run(asked(client(agent), note(CardFactory(team=team)))), run(asked(client(desk), note(elsewhere)))]
    assert [job.rows.get().code for job in jobs] == ["not_allowed", "does_not_exist"]
    assert CardNote.objects.count() == 0


def test_a_narrow_token_asks_for_no_more_than_it_is_for(desk, team) -> None:
    token, _expiry = issue_token(person=desk, terms=Terms(writes=True, areas=frozenset({"agents"})), now=FRIDAY)
    reader, _expiry = issue_token(person=desk, terms=Terms(writes=False), now=FRIDAY)
    api = APIClient(headers={"Authorization": f"Token {token}"})
    row = {"method": "POST", "path": f"/api/v1/cards/{CardFactory(team=team).pk}/tags/", "body": {"add": ["a"]}}
    job = run(asked(api, row, absence(AgentFactory(user__team=team))))
    assert [(row.line, row.code) for row in job.rows.all()] == [(1, "token_too_narrow")]
    assert job.succeeded == 1
    refused = APIClient(headers={"Authorization": f"Token {reader}"}).post(WRITES, {"rows": [row]})
    assert (refused.status_code, refused.json()["code"]) == (403, "token_reads_only")


def test_who_left_meanwhile_does_nothing_more(desk, team) -> None:
    job = asked(client(desk), note(CardFactory(team=team)))
    desk.is_active = False
    desk.save()
    assert (run(job).error_code, CardNote.objects.count()) == ("not_allowed", 0)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/auth/token/"),
        ("POST", "/api/v1/tokens/"),
        ("POST", "/api/v1/webhooks/"),
        ("POST", "/api/v1/documents/"),
        ("PATCH", "/api/v1/absences/"),
        ("POST", "/api/v1/nothing/"),
        ("POST", "/jobs/1/retry/"),
        ("POST", "https://cardfleet.example/api/v1/absences/"),
    ],
)
def test_addresses_that_take_no_such_write_are_refused_at_once(desk, method, path) -> None:
    """Also those that answer a secret, and those that take a file: nothing of the request is done."""
    before = Entry.objects.count()
    answer = client(desk).post(WRITES, {"rows": [{"method": method, "path": path}]})
    assert answer.status_code == 400
    assert [(one["field"], one["code"]) for one in answer.json()["details"]] == [("rows.0.path", "no_such_write")]
    assert (Job.objects.count(), Entry.objects.count()) == (0, before)


def test_a_pack_that_asks_for_a_fresh_sign_in_is_none_of_a_job(team) -> None:
    api = client(PersonFactory(role=Role.COMPLIANCE, scope=team))
    row = {"method": "POST", "path": "/api/v1/evidence-packs/", "body": {}}
    assert run(asked(api, row)).rows.get().code == "fresh_sign_in_needed"


@pytest.mark.parametrize(
    "rows", [[], [{}] * 1001, [{"method": "GET", "path": "/api/v1/absences/"}], [{"colour": "red"}], "x", None, [1]]
)
def test_a_request_of_another_shape_is_refused_whole(desk, rows) -> None:
    answer = client(desk).post(WRITES, {"rows": rows})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")
    assert answer.json()["details"][0]["field"].startswith("rows")
    assert Job.objects.count() == 0


def test_what_is_to_be_written_lies_sealed(desk, team) -> None:
    job = asked(client(desk), note(CardFactory(team=team), "a word nobody else may read"))
    with job.input_file.content.open("rb") as file:
        assert b"word" not in file.read()
    assert "word" not in str(job.params)

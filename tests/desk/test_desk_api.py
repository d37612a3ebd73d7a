"""The compliance desk over the API: matters, audits, laws, what colleagues know (R35, R40, R83)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.kernel.clock import business_day
from lifecycle.models import Article, Audit, DirectoryEntry, Law, Matter
from tests.asking import fields, post, signed_in
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.cases import CaseFactory
from tests.factories.desk import MatterFactory, do_steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = business_day(FRIDAY)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def desk():
    return signed_in(PersonFactory(role=Role.COMPLIANCE))


@pytest.fixture
def supervisor():
    team = TeamFactory()
    return signed_in(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))


def test_a_request_is_recorded_answered_and_closed(desk):
    """R83: by its steps; the file of what is kept is made once it is known who asks."""
    agent = AgentFactory()
    said = {"kind": "access", "title": "T", "received_at": FRIDAY.isoformat(), "about": agent.user.staff_no}
    matter = post(desk, "compliance/matters", said, status=201)
    path = f"compliance/matters/{matter['id']}"
    assert matter["steps"][0]["code"] == "identity"
    post(desk, f"{path}/answer", status=409)
    post(desk, f"{path}/steps/identity/complete", status=409)
    post(desk, f"{path}/steps/unknown/complete", {"note": "x"}, status=404)
    proof = SimpleUploadedFile("seen.txt", b"seen\n")
    done = post(desk, f"{path}/steps/identity/complete", {"note": "Seen", "proof": proof}, format="multipart")
    assert done["steps"][0]["done_at"]
    job = post(desk, f"{path}/answer", status=202)
    run_job(job["id"])
    assert Job.objects.get().result_file.name.endswith(".zip")
    assert post(desk, f"{path}/extend", {"because": "Much to look through"})["due_at"]
    post(desk, f"{path}/extend", {"because": "Once more"}, status=409)
    post(desk, f"{path}/close", {"outcome": "granted"}, status=409)
    do_steps(Matter.objects.get(), "answer", "tell")
    assert post(desk, f"{path}/close", {"outcome": "granted", "because": "Sent"})["outcome"] == "granted"


def test_who_was_called_is_never_answered_by_number(desk):
    """R83: kept encrypted; a number that is none is not repeated."""
    said = {"kind": "withdraw", "title": "T", "received_at": FRIDAY.isoformat(), "asker": "Wang"}
    wrong = post(desk, "compliance/matters", said | {"number": "139x"}, status=400)
    assert (fields(wrong), "139x" in str(wrong)) == (["number"], False)
    matter = post(desk, "compliance/matters", said | {"number": "13900001111"}, status=201)
    assert "13900001111" not in str(matter)
    assert "Wang" not in str(matter)
    breach = {"kind": "breach", "title": "T", "received_at": FRIDAY.isoformat()}
    assert fields(post(desk, "compliance/matters", breach, status=400)) == ["data"]
    assert post(desk, "compliance/matters", breach | {"data": "Lists", "people": 3}, status=201)["people"] == 3


def test_an_erasing_end_needs_a_fresh_sign_in_in_a_browser(client):
    """R83: a token was given for what it does; a browser that has been signed in for long is asked again."""
    matter = MatterFactory(kind="delete", about=(agent := AgentFactory()).user)
    person = PersonFactory(role=Role.COMPLIANCE)
    client.force_login(person)
    path = f"/api/v1/compliance/matters/{matter.pk}/close/"
    refused = client.post(path, {"outcome": "granted"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "fresh_sign_in_needed")
    assert User.objects.get(pk=agent.user_id).name == agent.user.name


def test_an_audit_is_answered_question_by_question_and_closed(desk):
    """R40: a forbidden industry begins none; an answer that lacks its word is refused, an open question keeps it."""
    said = {"kind": "campaign", "title": "Autumn", "due_on": str(TODAY)}
    audit = post(desk, "compliance/audits", said, status=201)
    path, numbers = f"compliance/audits/{audit['id']}", [one["number"] for one in audit["questions"]]
    post(desk, f"{path}/close", {"conclusion": "Done"}, status=409)
    post(desk, f"{path}/answers", {"number": 1, "verdict": "no"}, status=400)
    proof = SimpleUploadedFile("list.txt", b"seen\n")
    answered = post(desk, f"{path}/answers", {"number": 1, "verdict": "yes", "file": proof}, format="multipart")
    assert answered["questions"][0]["answer"]["proof"]
    for number in numbers[1:]:
        post(desk, f"{path}/answers", {"number": number, "verdict": "yes", "note": "Looked at"})
    assert post(desk, f"{path}/close", {"conclusion": "Done"})["closed_at"]
    post(desk, f"{path}/answers", {"number": 1, "verdict": "yes", "note": "x"}, status=409)
    assert Audit.objects.get().conclusion == "Done"


def test_a_law_is_read_again_and_the_office_told(desk, supervisor):
    """R35: the next review lies ahead; what changed is said."""
    law = Law.objects.first()
    said = {"finding": "changed", "note": "Article 3", "next_on": "2027-05-01", "tell": True}
    assert fields(post(desk, f"laws/{law.pk}/review", said | {"next_on": str(TODAY)}, status=400)) == ["next_on"]
    assert post(desk, f"laws/{law.pk}/review", said, status=201)["told"] > 0
    post(supervisor, f"laws/{law.pk}/review", said, status=403)
    assert len(supervisor.get(f"/api/v1/laws/{law.pk}/").json()["reviews"]) == 1
    assert supervisor.get("/api/v1/laws/", {"review_before": "2027-05-02", "active": "true"}).json()["results"]


def test_articles_are_written_found_and_hold_no_number_of_a_person(supervisor):
    """R40: a tip comes from a closed case in sight."""
    said = {
        "title": "Back in service",
        "text": "Ask for the reason first.",
        "tags": ["复机"],
        "case_kind": "suspension",
    }
    post(supervisor, "articles", said | {"text": "Call 13900001111"}, status=400)
    assert fields(post(supervisor, "articles", said | {"case": CaseFactory().pk}, status=400)) == ["case"]
    article = post(supervisor, "articles", said, status=201)
    post(supervisor, f"articles/{article['id']}/change", said | {"title": "Else"})
    assert Article.objects.get().title == "Else"
    for asked, count in (({"words": "reason"}, 1), ({"tag": "复机"}, 1), ({"tag": "x"}, 0), ({"case_kind": "loss"}, 0)):
        assert len(supervisor.get("/api/v1/articles/", asked).json()["results"]) == count


def test_the_directory_names_those_who_can_be_reached(supervisor):
    """R40: one that is reached no more is left out."""
    gone = DirectoryEntry.objects.first()
    DirectoryEntry.objects.filter(pk=gone.pk).update(is_active=False)
    listed = supervisor.get("/api/v1/contacts/", {"page_size": 500}).json()["results"]
    assert len(listed) == DirectoryEntry.objects.count() - 1
    assert gone.pk not in {one["id"] for one in listed}

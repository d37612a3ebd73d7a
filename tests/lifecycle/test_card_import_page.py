"""The import page: upload, job, result line by line, refused lines as a file (issue: card import)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.files.models import StoredFile
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cards.models import Card
from tests.cards.files import HEADER, csv_bytes, iccid
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

PAGE = reverse("lifecycle:import-cards")


@pytest.fixture
def company():
    return TeamFactory()


@pytest.fixture
def supervisor(client, company):
    person = PersonFactory(role=Role.SUPERVISOR, scope=company, team=company)
    client.force_login(person)
    return person


def upload(client, *rows, name="cards.csv", header=HEADER, **choices):
    """Send a card file."""
    file = SimpleUploadedFile(name, csv_bytes(header, *rows))
    return client.post(PAGE, {"file": file, **choices})


def imported(client, *rows, **choices) -> Job:
    """Send a card file and let a worker do it."""
    answer = upload(client, *rows, **choices)
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.latest("id")
    run_job(job.pk)
    job.refresh_from_db()
    return job


def test_good_lines_land_and_bad_ones_are_shown_and_come_back(client, supervisor, company):
    """R63: refused rows with line, column, value and reason; the file for correction."""
    AgentFactory(user__staff_no="S1", user__team=company)
    job = imported(
        client,
        (iccid(1), "13800000001", "移动", "正常", "S1", "12345678"),
        ("8.98601E+19", "138", "移动", "正常", "", "98765432"),
        header=(*HEADER, "状态", "领用人工号", "PUK码"),
        team=company.pk,
        reason="台账",
    )
    assert (job.state, job.succeeded, job.refused) == ("partial", 1, 1)
    card = Card.objects.get()
    assert (card.team, card.custody_state) == (company, "issued")
    page = client.get(reverse("lifecycle:import-cards-result", args=[job.pk]))
    assert "8.98601E+19" in page.content.decode()
    assert "98765432" not in page.content.decode()
    assert [row.line for row in page.context["refused"]] == [3]
    rejects = client.get(reverse("files:download", args=[job.result_file.pk]))
    assert rejects.status_code == 200
    content = b"".join(rejects.streaming_content)
    assert b"8.98601E+19" in content
    assert b"98765432" not in content


def test_lines_come_back_whatever_they_held(client, supervisor, company):
    """R63: a sign that no table holds, or a title like markup, fails no import whose good lines are stored."""
    bad = ("8.98601E+19", "138\x01", "移动", "x")
    job = imported(client, (iccid(1), "13800000001", "移动", "x"), bad, header=(*HEADER, "<b>"), team=company.pk)
    assert (job.state, Card.objects.count()) == ("partial", 1)
    content = client.get(reverse("files:download", args=[job.result_file.pk]))
    assert b"138\x01" in b"".join(content.streaming_content)


def test_upload_is_kept_sealed(client, supervisor, company):
    """R24: PIN and PUK of an uploaded file do not lie on the disk as they were sent."""
    imported(client, (iccid(1), "13800000001", "移动", "4711"), header=(*HEADER, "PIN码"), team=company.pk)
    stored = StoredFile.objects.get(purpose="cards.import")
    with stored.content.open("rb") as file:
        content = file.read()
    assert b"4711" not in content
    assert iccid(1).encode() not in content
    assert stored.delete_after is not None


def test_trial_stores_nothing_and_may_be_done_for_real(client, supervisor, company):
    job = imported(client, (iccid(1), "13800000001", "移动"), team=company.pk, dry_run="on")
    assert (job.state, job.summary["created"]) == ("done", 1)
    assert not Card.objects.exists()
    address = reverse("lifecycle:import-cards-result", args=[job.pk])
    assert client.post(address).status_code == 302
    again = Job.objects.latest("id")
    run_job(again.pk)
    assert Card.objects.get().iccid == iccid(1)


def test_take_over_without_a_reason_fails_with_a_sentence(client, supervisor, company):
    job = imported(client, (iccid(1), "13800000001", "移动", "5"), header=(*HEADER, "余额"), team=company.pk)
    assert (job.state, job.error_code) == ("failed", "bad_input")
    assert job.rows.get().code == "reason_missing"
    page = client.get(reverse("lifecycle:import-cards-result", args=[job.pk]))
    assert page.status_code == 200


def test_file_that_is_no_table_is_refused_at_once(client, supervisor, company):
    file = SimpleUploadedFile("cards.xlsx", b"%PDF-1.7 not a table")
    answer = client.post(PAGE, {"file": file, "team": company.pk})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not Job.objects.exists()


def test_same_job_twice_changes_nothing(client, supervisor, company):
    job = imported(client, (iccid(1), "13800000001", "移动"), team=company.pk)
    Job.objects.filter(pk=job.pk).update(state="queued")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.summary["unchanged"] == 1
    assert Card.objects.count() == 1


def test_progress_asks_for_the_page_once_the_job_ended(client, supervisor, company):
    upload(client, (iccid(1), "13800000001", "移动"), team=company.pk)
    job = Job.objects.get()
    address = reverse("lifecycle:import-cards-progress", args=[job.pk])
    waiting = client.get(address)
    assert "HX-Refresh" not in waiting
    assert address in waiting.content.decode()
    run_job(job.pk)
    ended = client.get(address)
    assert ended["HX-Refresh"] == "true"


def test_team_outside_the_scope_cannot_be_chosen(client, supervisor):
    answer = upload(client, (iccid(1), "13800000001", "移动"), team=TeamFactory().pk)
    assert answer.status_code == 422
    assert not Job.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE, Role.COMPLIANCE])
def test_others_may_not_import(client, company, role):
    client.force_login(PersonFactory(role=role, scope=company))
    assert client.get(PAGE).status_code == 403
    assert upload(client, (iccid(1), "13800000001", "移动"), team=company.pk).status_code == 403
    assert not Job.objects.exists()


def test_imports_of_others_are_not_found(client, supervisor, company):
    job = imported(client, (iccid(1), "13800000001", "移动"), team=company.pk)
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=company))
    for name in ("import-cards-result", "import-cards-progress"):
        assert client.get(reverse(f"lifecycle:{name}", args=[job.pk])).status_code == 404
    assert client.post(reverse("lifecycle:import-cards-result", args=[job.pk])).status_code == 404

"""The page of what callees said."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agents.choices import ListingKind
from agents.models import CalleeListing
from agents.rules.callees import Entry
from agents.selectors.callees import standing_of
from agents.services.callees import list_number
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from tests.factories.accounts import PersonFactory
from tests.factories.agents import CalleeListingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PAGE, NUMBER = reverse("agents:callees"), "+8613800001234"


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def desk(client):
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    return client


@pytest.fixture
def refusal(now):
    entry = Entry(kind=ListingKind.DO_NOT_CALL, number=NUMBER, source="call", given_at=now - timedelta(1))
    return list_number(entry=entry, actor=None, now=now)


def test_a_number_is_asked_for_and_its_entry_withdrawn(desk, refusal, now):
    """R40, R60: asking posts the number; withdrawing needs a reason and says so in the list."""
    answer = desk.post(reverse("agents:callees-check"), {"number": "138 0000 1234"})
    assert answer.context["standing"].do_not_call
    withdrawing = reverse("agents:callees-withdraw", args=[refusal.pk])
    assert withdrawing in answer.content.decode()
    assert desk.post(withdrawing, {"reason": ""}).status_code == 400
    assert desk.post(withdrawing, {"reason": "asked in writing"}).status_code == 302
    assert not standing_of(NUMBER, "sales", now).do_not_call
    assert desk.post(withdrawing, {"reason": "again"}).status_code == 409


def test_a_number_that_is_none_comes_back_with_the_form(desk):
    answer = desk.post(reverse("agents:callees-check"), {"number": "138****1234"})
    assert (answer.status_code, list(answer.context["check"].errors)) == (422, ["number"])


def test_a_file_with_its_proof_is_imported(desk, now):
    """R57: the proof of a file is kept with each of its entries, for those who see the lists."""
    text = "号码,类型,日期,来源\n13800001234,同意,2026-11-01,录音\n13900005678,同意,2026-11-01,录音\n"
    given = {
        "file": SimpleUploadedFile("名单.csv", text.encode()),
        "proof": SimpleUploadedFile("proof.pdf", b"%PDF-1.4 signed\n"),
    }
    answer = desk.post(reverse("agents:callees-import"), given)
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
    run_job(job.pk)
    listings = CalleeListing.objects.select_related("proof")
    assert len({listing.proof for listing in listings}) == 1
    assert listings[0].proof.name == "proof.pdf"
    assert job.input_file.delete_after == now + timedelta(days=30)
    desk.force_login(PersonFactory(role=Role.SUPERVISOR))
    download = desk.get(reverse("files:download", args=[listings[0].proof.pk]))
    assert (download.status_code, download.getvalue()) == (200, b"%PDF-1.4 signed\n")


@pytest.mark.parametrize("text", ["号码,类型\n1,同意\n", "号码,类型,日期,来源\n"])
def test_a_file_that_is_no_list_comes_back_with_the_form(text, desk):
    answer = desk.post(reverse("agents:callees-import"), {"file": SimpleUploadedFile("a.csv", text.encode())})
    assert (answer.status_code, list(answer.context["upload"].errors)) == (422, ["file"])
    assert not Job.objects.exists()


def test_the_page_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, django_assert_max_num_queries):
    desk.get(PAGE)
    CalleeListingFactory()
    with django_assert_max_num_queries(20) as one:
        desk.get(PAGE)
    CalleeListingFactory.create_batch(3)
    with django_assert_num_queries(len(one)):
        assert len(desk.get(PAGE).context["latest"]) == 4

"""The page that takes files of call records (R13, R82)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.models import UsageBatch, UsageRecord
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.usefixtures("reference")

HEADER = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n"
GOOD = "2026-11-19 09:12:01,上海,主叫,13911112222,3分12秒,本地,,0.60\n"
BAD = "2026-11-31 09:12:01,上海,主叫,13911112222,x秒,本地,,0.60\n"


@pytest.fixture
def supervisor(client, db):
    """A supervisor, signed in."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    client.force_login(person)
    return person


def send(client, text: str, **given):
    """Send a file of China Mobile's form for a number."""
    upload = SimpleUploadedFile("detail.csv", text.encode("gb18030"))
    return client.post(reverse("billing:usage-import"), {"file": upload, "source": "cmcc", **given})


def test_a_detail_is_imported_and_its_bad_row_shown(client, supervisor, django_capture_on_commit_callbacks):
    """R82: good rows land, the bad one comes back with line, column, value and reason, and as a file."""
    card = CardFactory(msisdn="+8613800001234")
    answer = send(client, HEADER + GOOD + BAD, own_number="13800001234")
    batch = UsageBatch.objects.get()
    assert answer["Location"] == reverse("billing:usage-batch", args=[batch.pk])
    run_job(batch.job_id)
    batch.refresh_from_db()
    assert (batch.rows_read, batch.rows_stored, batch.rows_refused) == (2, 1, 1)
    assert UsageRecord.objects.get().card_id == card.pk
    page = client.get(answer["Location"]).content.decode()
    assert "2026-11-31" in page
    assert reverse("files:download", args=[Job.objects.get().result_file_id]) in page


def test_a_file_of_no_known_form_is_refused_with_the_input_kept(client, supervisor):
    answer = send(client, "a,b\n1,2\n")
    assert answer.status_code == 400
    assert "cmcc" in answer.content.decode()
    assert not UsageBatch.objects.exists()


def test_another_supervisor_does_not_see_the_import(client, supervisor):
    CardFactory(msisdn="+8613800001234")
    there = send(client, HEADER + GOOD, own_number="13800001234")["Location"]
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    assert client.get(there).status_code == 404

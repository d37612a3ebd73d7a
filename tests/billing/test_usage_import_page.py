"""The page that takes files of call records (R13, R82)."""

import io
import zipfile
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import UsageBatch, UsageRecord
from billing.views.usage_batch import pace
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import SHANGHAI
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.usefixtures("reference")

HEADER = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元),客户备注\n"
GOOD = "2026-11-19 09:12:01,上海,主叫,13911112222,3分12秒,本地,,0.60,\n"
BAD = "2026-11-31 09:12:01,上海,主叫,13911112222,x秒,本地,,0.60,\n"


@pytest.fixture
def supervisor(client, db):
    """A supervisor, signed in."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    client.force_login(person)
    return person


def sent(text: str, name: str = "detail.csv") -> SimpleUploadedFile:
    """A file of China Mobile's form."""
    return SimpleUploadedFile(name, text.encode("gb18030"))


def packed(**files: str) -> SimpleUploadedFile:
    """A zip archive with these texts; two underscores stand for a slash."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name.replace('__', '/')}.csv", text)
    return SimpleUploadedFile("details.zip", content.getvalue())


def send(client, *files: SimpleUploadedFile, **given):
    """Send files of a source."""
    return client.post(reverse("billing:usage-import"), {"file": files, "source": "cmcc", **given})


def start(client, batch: UsageBatch):
    """Start an import."""
    return client.post(reverse("billing:usage-start", args=[batch.pk]))


def test_a_file_is_shown_before_it_is_imported(client, supervisor):
    """R82: format, columns and first rows are seen first; then good rows land and the bad one comes back."""
    card = CardFactory(msisdn="+8613800001234")
    answer = send(client, sent(HEADER + GOOD + BAD), own_number="13800001234")
    batch = UsageBatch.objects.get()
    assert answer["Location"] == reverse("billing:usage-batch", args=[batch.pk])
    assert (batch.state, batch.format, batch.job, batch.lines) == ("received", "china_mobile", None, 3)
    page = client.get(answer["Location"])
    reading = page.context["reading"]
    assert ("起始时间", "started") in [(title, value) for value, title in reading.layout.titles.items()]
    assert reading.left_out == ["客户备注"]
    assert [row.code for row in reading.rows] == [None, "no_such_day"]
    assert reading.rows[0].started_at == datetime(2026, 11, 19, 9, 12, 1, tzinfo=SHANGHAI)
    assert not UsageRecord.objects.exists()

    start(client, batch)
    batch.refresh_from_db()
    run_job(batch.job_id)
    batch.refresh_from_db()
    assert (batch.rows_read, batch.rows_stored, batch.rows_refused) == (2, 1, 1)
    assert UsageRecord.objects.get().card_id == card.pk
    page = client.get(answer["Location"]).content.decode()
    assert "2026-11-31" in page
    assert reverse("billing:usage-refused", args=[batch.pk]) in page
    assert reverse("files:download", args=[batch.file_id]) in page


def test_an_import_is_started_once(client, supervisor):
    CardFactory(msisdn="+8613800001234")
    send(client, sent(HEADER + GOOD), own_number="13800001234")
    batch = UsageBatch.objects.get()
    assert start(client, batch).status_code == 302
    assert start(client, batch).status_code == 409
    assert Job.objects.count() == 1


def test_a_failed_import_is_taken_up_again(client, supervisor):
    CardFactory(msisdn="+8613800001234")
    send(client, sent(HEADER + GOOD), own_number="13800001234")
    batch = UsageBatch.objects.get()
    UsageBatch.objects.update(state="failed")
    assert start(client, batch).status_code == 302
    batch.refresh_from_db()
    run_job(batch.job_id)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_stored) == ("stored", 1)


def test_a_file_without_its_own_number_waits_for_it(client, supervisor):
    """The file is kept; the number is given later."""
    CardFactory(msisdn="+8613800001234")
    send(client, sent(HEADER + GOOD))
    batch = UsageBatch.objects.get()
    page = client.get(reverse("billing:usage-batch", args=[batch.pk]))
    assert page.context["reading"].refusal.code == "own_number_missing"
    assert start(client, batch).status_code == 400
    client.post(reverse("billing:usage-reading", args=[batch.pk]), {"own_number": "13800001234"})
    page = client.get(reverse("billing:usage-batch", args=[batch.pk]))
    assert [row.code for row in page.context["reading"].rows] == [None]


def test_several_files_and_archives_become_batches_of_their_own(client, supervisor):
    """One unreadable file among them is named, the others stay; names inside the archive are shown."""
    CardFactory(msisdn="+8613800001234")
    archive = packed(**{"2026-10__13800001234": HEADER + GOOD, "b__13800005678": HEADER + GOOD})
    picture = SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n1234")
    answer = send(client, sent(HEADER + GOOD, "13800009999.csv"), archive, picture)
    assert answer.status_code == 200
    assert [refused.name for refused in answer.context["received"].refused] == ["photo.png"]
    found = UsageBatch.objects.order_by("pk").values_list("name", "archive", "state")
    assert list(found) == [
        ("13800009999.csv", "", "received"),
        ("2026-10/13800001234.csv", "details.zip", "received"),
        ("b/13800005678.csv", "details.zip", "received"),
    ]
    client.post(reverse("billing:usage-start-all"))
    assert set(UsageBatch.objects.values_list("state", "own_number")) == {
        ("pending", "+8613800009999"),
        ("pending", "+8613800001234"),
        ("pending", "+8613800005678"),
    }


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bomb", b"0" * (20 << 20), "bundle_too_large"),
        ("nested", b"PK\x03\x04 and more", "nested_bundle"),
    ],
)
def test_a_bad_archive_is_refused_whole(client, supervisor, name, content, code):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("13800001234.csv", (HEADER + GOOD).encode())
        archive.writestr(f"{name}.csv", content)
    answer = send(client, SimpleUploadedFile("x.zip", packed.getvalue()))
    assert [refused.refusal.code for refused in answer.context["received"].refused] == [code]
    assert not UsageBatch.objects.exists()


def test_names_in_an_archive_from_windows_are_read(client, supervisor):
    """GB 18030 without a word about it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xxxx13800001234.csv", HEADER + GOOD)
    content = packed.getvalue().replace(b"xxxx", "详单".encode("gb18030"))
    send(client, SimpleUploadedFile("x.zip", content))
    assert UsageBatch.objects.get().name == "详单13800001234.csv"


def test_the_page_asks_as_often_for_many_imports_as_for_one(client, supervisor):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("billing:usage-import"))
        return len(captured)

    send(client, sent(HEADER + GOOD), own_number="13800001234")
    one = queries()
    for number in range(3):
        send(client, sent(HEADER + GOOD * (number + 2)), own_number="13800001234")
    assert queries() == one


def test_a_file_of_no_known_form_is_kept_for_mapping(client, supervisor):
    answer = send(client, sent("a,b\n1,2\n"))
    batch = UsageBatch.objects.get()
    assert (batch.state, batch.format) == ("received", "")
    assert client.get(answer["Location"]).context["reading"].refusal.code == "unknown_format"


def test_a_file_that_is_not_to_be_imported_is_put_away(client, supervisor):
    """It waits no longer, and its first rows are gone; what was started is not put away so."""
    send(client, sent(HEADER + GOOD), own_number="13800001234")
    batch = UsageBatch.objects.get()
    address = reverse("billing:usage-discard", args=[batch.pk])
    assert client.post(address).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.sample) == ("revoked", [])
    assert start(client, batch).status_code == 409
    assert client.post(address).status_code == 409
    assert Entry.objects.filter(action="billing.usage_discarded").count() == 1


@pytest.mark.parametrize(
    ("state", "processed", "total", "said"),
    [
        ("running", 1000, 4000, ["100", "0:30"]),
        ("running", 4000, 4000, ["0:10"]),
        ("running", 0, 4000, []),
        ("done", 1000, 4000, []),
    ],
)
def test_the_pace_and_the_time_left_are_told(state, processed, total, said):
    """Rows a second and the time until all are read; after that how long it has taken so far."""
    begun = datetime(2026, 11, 20, 10, 30, tzinfo=SHANGHAI)
    job = Job(state=state, processed=processed, total=total, started_at=begun)
    told = pace(UsageBatch(job=job), begun + timedelta(seconds=10))
    assert bool(told) == bool(said)
    assert all(part in told for part in said)


def test_a_whole_import_is_revoked_with_a_reason(client, supervisor):
    """Invariant 4: the page says what leaves, asks why, and what it brought is gone."""
    CardFactory(msisdn="+8613800001234")
    there = send(client, sent(HEADER + GOOD), own_number="13800001234")["Location"]
    batch = UsageBatch.objects.get()
    start(client, batch)
    batch.refresh_from_db()
    run_job(batch.job_id)
    assert 'data-dialog="revoke"' in client.get(there).content.decode()
    address = reverse("billing:usage-revoke", args=[batch.pk])
    assert client.post(address, {"reason": " "}).status_code == 400
    assert client.post(address, {"reason": "wrong month"}).status_code == 302
    run_job(Job.objects.latest("pk").pk)
    assert not UsageRecord.objects.exists()
    page = client.get(there).content.decode()
    assert "wrong month" in page
    assert 'data-dialog="revoke"' not in page


def test_another_supervisor_does_not_see_the_import(client, supervisor):
    CardFactory(msisdn="+8613800001234")
    there = send(client, sent(HEADER + GOOD), own_number="13800001234")["Location"]
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    assert client.get(there).status_code == 404

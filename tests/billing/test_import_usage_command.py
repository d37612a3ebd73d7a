"""`manage.py import_usage`, and the job that does the same."""

import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from billing.models import UsageBatch, UsageRecord, UsageSource
from billing.selectors.partitions import existing_partitions
from billing.services.usage_requests import Delivery, request_import
from billing.tasks import import_usage_file
from cardfleet.accounts.choices import Role
from cardfleet.files.models import StoredFile
from cardfleet.jobs.progress import Progress
from tests.billing.conftest import generic
from tests.factories.accounts import PersonFactory

CALL = "13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30"
BAD = "13812345678,2026-02-30 09:00:00,out,13900000001,61,0.30"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(generic(CALL))
    return path


def test_a_file_is_imported_and_its_source_made(card, file):
    call_command("import_usage", file, source="mobile")
    batch = UsageBatch.objects.get()
    assert (batch.rows_stored, batch.source.slug, batch.source.role) == (1, "mobile", "carrier")
    assert batch.file.sha256 == batch.sha256


def test_refused_rows_make_it_exit_1_and_leave_a_file(card, file, capsys):
    file.write_text(generic(CALL, BAD))
    with pytest.raises(SystemExit) as ended:
        call_command("import_usage", file, source="mobile")
    assert ended.value.code == 1
    rejects = file.with_name("calls-rejected.csv")
    assert str(rejects) in capsys.readouterr().err
    assert "2026-02-30" in rejects.read_text("utf-8-sig")


def test_the_files_of_an_archive_are_taken_one_by_one(card, tmp_path, capsys):
    archive = tmp_path / "calls.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.csv", generic(CALL, BAD))
        packed.writestr("unreadable.csv", "nothing;of;this")
        packed.writestr("b.csv", generic(CALL.replace("09:00", "10:00")))
    with pytest.raises(SystemExit):
        call_command("import_usage", archive, source="mobile")
    assert UsageRecord.objects.count() == 2
    assert "2026-02-30" in (tmp_path / "calls-rejected-a.csv").read_text("utf-8-sig")
    assert "unreadable.csv" in capsys.readouterr().out


def test_a_dry_run_leaves_nothing(card, file):
    call_command("import_usage", file, source="mobile", dry_run=True)
    assert not UsageRecord.objects.exists()
    assert not UsageSource.objects.exists()
    assert not UsageBatch.objects.exists()
    assert not existing_partitions()


@pytest.mark.parametrize(
    "options",
    [
        {"source": "mobile", "format": "china_mobile"},
        {"source": "mobile", "card": "12345"},
    ],
)
def test_a_whole_file_that_is_refused_says_why(options, card, file):
    with pytest.raises(CommandError):
        call_command("import_usage", file, **options)
    assert not UsageRecord.objects.exists()


def test_a_source_keeps_its_role(card, file):
    call_command("import_usage", file, source="pbx", role="switch")
    with pytest.raises(CommandError):
        call_command("import_usage", file, source="pbx", role="carrier")


@pytest.fixture
def person(reference):
    return PersonFactory(role=Role.SUPERVISOR)


def test_the_job_imports_counts_and_leaves_the_rejects(card, person, now):
    delivery = Delivery(content=ContentFile(generic(CALL, BAD).encode()), name="calls.csv", source="mobile")
    batch = request_import(delivery=delivery, actor=person, now=now)
    assert (batch.format, batch.state) == ("generic_csv", "pending")
    for _attempt in range(2):
        progress = Progress(batch.job)
        outcome = import_usage_file(batch.job, progress)
        assert (progress.succeeded, progress.refused) == (1, 1)
    assert outcome.summary["rows_stored"] == 1
    assert UsageRecord.objects.count() == 1
    assert StoredFile.objects.filter(purpose="usage_rejects").count() == 1

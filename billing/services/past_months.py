"""Taking out calls and what belongs to files that were kept long enough; called by the nightly retention."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection

from billing.models import LineRecord, UsageBatch, UsagePlace, UsageReject
from billing.services import bill_files, disputes
from billing.services.partitions import drop_before
from billing.services.usage_requests import JOB, PURPOSE
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard
from cardfleet.jobs.services import forget_rows
from cardfleet.kernel.clock import day_start

REJECTS_PURPOSE = "usage_rejects"
BILL_PURPOSES = (bill_files.PURPOSE, disputes.PURPOSE)
PERMIT = "SELECT set_config('cardfleet.retention', %s, true)"
REVOKED = "DELETE FROM billing_revokedusage WHERE started_at < %s"


def drop_calls(before: date, _now: datetime) -> Mapping[str, int]:
    """Drop the partitions of months before a day, and the calls on voice lines."""
    lines = LineRecord.objects.filter(started_at__lt=day_start(before)).delete()[0]
    UsagePlace.objects.filter(day__lt=before).delete()
    return {**drop_before(before), "lines": lines}


def drop_rejects(before: date, now: datetime) -> Mapping[str, int]:
    """Delete refused rows of old imports and the files of them."""
    start = day_start(before)
    files = StoredFile.objects.filter(purpose=REJECTS_PURPOSE, created_at__lt=start)
    return {
        "rows": UsageReject.objects.filter(batch__created_at__lt=start).delete()[0],
        "job_rows": forget_rows(kind=JOB, before=start),
        "files": discard(files=files, now=now),
    }


def drop_files(before: date, now: datetime) -> Mapping[str, int]:
    """Delete the originals of old imports, and the first rows that were kept to show."""
    start = day_start(before)
    shown = UsageBatch.objects.filter(created_at__lt=start).exclude(sample=[])
    files = StoredFile.objects.filter(purpose=PURPOSE, created_at__lt=start)
    return {"files": discard(files=files, now=now), "first_rows": shown.update(sample=[])}


def drop_bill_files(before: date, now: datetime) -> Mapping[str, int]:
    """Delete the content of old bills' files and carriers' letters; what was billed and answered stays as rows."""
    files = StoredFile.objects.filter(purpose__in=BILL_PURPOSES, created_at__lt=day_start(before))
    return {"files": discard(files=files, now=now)}


def drop_revoked(before: date, _now: datetime) -> Mapping[str, int]:
    """Delete old calls that were moved aside."""
    with connection.cursor() as cursor:
        cursor.execute(PERMIT, ["on"])
        cursor.execute(REVOKED, [day_start(before)])
        rows = cursor.rowcount
        cursor.execute(PERMIT, [""])
    return {"rows": rows}

"""Dropping what was kept long enough: whole months of calls, and what belongs to files that old (invariant 4)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.db import connection, transaction

from agents.choices import ListingKind
from agents.services.callee_retention import forget_ended
from billing.choices import RetainedData
from billing.errors import RetentionTooShort
from billing.models import LineRecord, RetentionRule, UsageBatch, UsagePlace, UsageReject, UsageSignal
from billing.rules.retention import FLOORS, kept_from
from billing.services.partitions import drop_before
from billing.services.usage_import import ONE_AT_A_TIME
from billing.services.usage_requests import JOB, PURPOSE
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard
from cardfleet.jobs.services import forget_rows
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import day_start
from cardfleet.kernel.errors import Reason

REJECTS_PURPOSE = "usage_rejects"
# Readers of calls wait behind a partition that is being dropped: rather than for long, it is dropped the next night.
PATIENCE = "SET LOCAL lock_timeout = '30s'"
PERMIT = "SELECT set_config('cardfleet.retention', %s, true)"
REVOKED = "DELETE FROM billing_revokedusage WHERE started_at < %s"


@transaction.atomic
def load_retention(*, now: datetime) -> None:
    """Write the rules that are missing."""
    for category, floor in FLOORS.items():
        RetentionRule.objects.get_or_create(category=category, defaults={"months": floor.default, "changed_at": now})


@transaction.atomic
def set_retention(*, rule_id: int, months: int, actor: User | None, now: datetime) -> RetentionRule:
    """Set how many months a category is kept. RetentionTooShort below what the law asks for."""
    rule = RetentionRule.objects.select_for_update().get(pk=rule_id)
    floor = FLOORS[rule.category]
    if months < floor.months:
        raise RetentionTooShort(
            reasons=[Reason(code="below_floor", field="months", message=floor.basis, value=str(floor.months))]
        )
    if months == rule.months:
        return rule
    data = {"category": rule.category, "from": rule.months, "to": months}
    rule.months, rule.changed_at = months, now
    rule.save(update_fields=["months", "changed_at"])
    record(actor=actor, action="billing.retention_set", subject=rule, now=now, data=data)
    return rule


def apply_retention(*, on: date, now: datetime) -> dict[str, int]:
    """Drop what is past its time on a Shanghai day, and return how much of each category; a second run finds nothing.

    Rollups and charges of dropped months stay as the history of costs; nothing reckons them anew.
    """
    counts = {rule.category: _apply(rule, on=on, now=now) for rule in RetentionRule.objects.order_by("pk")}
    with transaction.atomic():
        counts["expired_files"] = discard(files=StoredFile.objects.filter(delete_after__lt=now), now=now)
    return counts


@transaction.atomic
def _apply(rule: RetentionRule, *, on: date, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(PATIENCE)
    rule = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    before = max(kept_from(on, rule.months), rule.dropped_before or date.min)
    dropped = DROPS[RetainedData(rule.category)](before, now)
    count = sum(dropped.values())
    if count or before != rule.dropped_before:
        rule.dropped_before, rule.dropped_at = before, now
        rule.save(update_fields=["dropped_before", "dropped_at"])
        data = {"category": rule.category, "before": before.isoformat(), "dropped": dict(dropped)}
        record(actor=None, action="billing.retention_applied", subject=rule, now=now, data=data)
    return count


def _drop_calls(before: date, _now: datetime) -> Mapping[str, int]:
    lines = LineRecord.objects.filter(started_at__lt=day_start(before)).delete()[0]
    UsagePlace.objects.filter(day__lt=before).delete()
    return {**drop_before(before), "lines": lines}


def _drop_rejects(before: date, now: datetime) -> Mapping[str, int]:
    start = day_start(before)
    files = StoredFile.objects.filter(purpose=REJECTS_PURPOSE, created_at__lt=start)
    return {
        "rows": UsageReject.objects.filter(batch__created_at__lt=start).delete()[0],
        "job_rows": forget_rows(kind=JOB, before=start),
        "files": discard(files=files, now=now),
    }


def _drop_files(before: date, now: datetime) -> Mapping[str, int]:
    start = day_start(before)
    shown = UsageBatch.objects.filter(created_at__lt=start).exclude(sample=[])
    files = StoredFile.objects.filter(purpose=PURPOSE, created_at__lt=start)
    return {"files": discard(files=files, now=now), "first_rows": shown.update(sample=[])}


def _drop_signals(before: date, _now: datetime) -> Mapping[str, int]:
    return {"rows": UsageSignal.objects.filter(at__lt=day_start(before)).delete()[0]}


def _drop_revoked(before: date, _now: datetime) -> Mapping[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(PERMIT, ["on"])
        cursor.execute(REVOKED, [day_start(before)])
        rows = cursor.rowcount
        cursor.execute(PERMIT, [""])
    return {"rows": rows}


def _drop_consents(before: date, now: datetime) -> Mapping[str, int]:
    return forget_ended(kind=ListingKind.CONSENT, before=day_start(before), now=now)


def _drop_refusals(before: date, now: datetime) -> Mapping[str, int]:
    return forget_ended(kind=ListingKind.DO_NOT_CALL, before=day_start(before), now=now)


DROPS: Mapping[RetainedData, Callable[[date, datetime], Mapping[str, int]]] = {
    RetainedData.CALLS: _drop_calls,
    RetainedData.REJECTS: _drop_rejects,
    RetainedData.FILES: _drop_files,
    RetainedData.REVOKED: _drop_revoked,
    RetainedData.SIGNALS: _drop_signals,
    RetainedData.CONSENTS: _drop_consents,
    RetainedData.REFUSALS: _drop_refusals,
}

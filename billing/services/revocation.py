"""Revoking a whole batch: the only way call records leave before their time (invariant 4)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from agents.errors import ReasonMissing
from billing.choices import BatchState
from billing.errors import AlreadyRevoked, NotStored
from billing.models import UsageBatch, UsagePlace, UsageReject, UsageSignal
from billing.services import rollups
from billing.services.usage_import import ONE_AT_A_TIME
from billing.services.usage_posting import post_differences
from cardfleet.accounts.models import User
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.journal.recording import record

JOB = "billing.revoke_usage"
# The table of call records lets nothing go but the rows of this batch, and those only in this transaction.
PERMIT = "SELECT set_config('cardfleet.revoking', %s, true)"
COLUMNS = """started_at, uid, source_id, agent_id, team_id, msisdn, direction, counterpart, duration_s, answered, fee,
    rated_fee, flags"""
RECORDS = f"""
DROP TABLE IF EXISTS pg_temp.usage_gone;
CREATE TEMPORARY TABLE usage_gone (card_id bigint, day date);
WITH gone AS (
    DELETE FROM billing_usagerecord
    WHERE batch_id = %(batch)s AND started_at >= %(first)s AND started_at <= %(last)s RETURNING *
), aside AS (
    INSERT INTO billing_revokedusage (batch_id, card_id, {COLUMNS}) SELECT batch_id, card_id, {COLUMNS} FROM gone
)
INSERT INTO usage_gone SELECT card_id, (started_at AT TIME ZONE 'Asia/Shanghai')::date FROM gone
"""
KEYS = "SELECT DISTINCT card_id, day FROM usage_gone"
LINE_COLUMNS = "batch_id, line_id, started_at, uid, agent_id, direction, counterpart, duration_s, answered"
LINES = f"""
WITH gone AS (DELETE FROM billing_linerecord WHERE batch_id = %(batch)s RETURNING *)
INSERT INTO billing_revokedusage ({LINE_COLUMNS}, msisdn, flags) SELECT {LINE_COLUMNS}, '', 0 FROM gone
"""


@dataclass(frozen=True, kw_only=True)
class Revoked:
    """What left with a batch.

    A call belongs to the batch that stored it first, so it is gone although later files held it too; those files,
    if any, are `again`: batches of the same kind of source over the same days that found calls known already.
    Importing one of them once more brings its calls back.
    """

    batch: UsageBatch
    records: int
    lines: int
    again: list[int]


@transaction.atomic
def request_revocation(*, batch: UsageBatch, reason: str, actor: User, now: datetime) -> Job:
    """Ask for a batch to be revoked; return the job. Raises as `revoke_batch`, before anything is asked for."""
    _check(UsageBatch.objects.locked().get(pk=batch.pk), reason)
    return start_job(kind=JOB, owner=actor, now=now, params={"batch": batch.pk, "reason": reason.strip()})


@transaction.atomic
def revoke_batch(*, batch: UsageBatch, reason: str, actor: User | None, now: datetime) -> Revoked:
    """Move the calls of a batch aside, so that the same calls may come again, and put rollups and ledger right.

    What its failed calls said is forgotten, and rows that it had corrected are to be corrected again. Waits for
    running imports. Raises ReasonMissing, NotStored, AlreadyRevoked.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    batch = UsageBatch.objects.locked().select_related("source").get(pk=batch.pk)
    _check(batch, reason)
    records, lines = _move_aside(batch)
    if records:
        rollups.refresh(KEYS, [batch.source.role])
        post_differences(key=f"revoked-{batch.pk}", actor=actor, now=now, batch=batch)
    UsageSignal.objects.filter(batch=batch).delete()
    UsagePlace.objects.filter(batch=batch).delete()
    UsageReject.objects.filter(settled_by=batch).update(settled_by=None)
    batch.state = BatchState.REVOKED
    batch.revoked_reason = reason.strip()
    batch.save(update_fields=["state", "revoked_reason"])
    batch.settled.update(settled_by=None)
    record(
        actor=actor,
        action="billing.usage_revoked",
        subject=batch,
        related=(batch.source,),
        reason=batch.revoked_reason,
        now=now,
        data={"records": records, "lines": lines},
    )
    return Revoked(batch=batch, records=records, lines=lines, again=files_to_import_again(batch))


def files_to_import_again(batch: UsageBatch) -> list[int]:
    """Return the stored batches that may have held calls of a revoked one, which they found known already."""
    if batch.first_at is None or batch.last_at is None:
        return []
    others = UsageBatch.objects.filter(state=BatchState.STORED, source__role=batch.source.role, rows_duplicate__gt=0)
    overlapping = others.filter(first_at__lte=batch.last_at, last_at__gte=batch.first_at)
    return list(overlapping.exclude(pk=batch.pk).order_by("pk").values_list("pk", flat=True))


def _check(batch: UsageBatch, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing
    if batch.state == BatchState.REVOKED:
        raise AlreadyRevoked
    if batch.state != BatchState.STORED:
        raise NotStored


def _move_aside(batch: UsageBatch) -> tuple[int, int]:
    records = 0
    with connection.cursor() as cursor:
        cursor.execute(PERMIT, [str(batch.pk)])
        if batch.first_at is not None:
            cursor.execute(RECORDS, {"batch": batch.pk, "first": batch.first_at, "last": batch.last_at})
            records = cursor.rowcount
        cursor.execute(LINES, {"batch": batch.pk})
        lines = cursor.rowcount
        cursor.execute(PERMIT, [""])
    return records, lines

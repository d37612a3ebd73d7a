"""Billing's long work, and its work by the clock."""

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from celery.schedules import crontab
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.choices import BatchState
from billing.exporters.rejects import file_name
from billing.models import BillStatement, UsageBatch
from billing.services.balance_gaps import find_gaps
from billing.services.bill_files import JOB as BILLS_JOB
from billing.services.bills import fail_statement, store_bills
from billing.services.budgets import watch_budgets
from billing.services.bundle_use import JOB as BUNDLES_JOB
from billing.services.bundle_use import import_bundle_use
from billing.services.callee_calls import DAYS_KEPT, gather_callees
from billing.services.disputes import remind_of_bills
from billing.services.expectations import remind_of_usage
from billing.services.month_sums import sum_months
from billing.services.partitions import ensure_ahead
from billing.services.plan_advice import advise_plans
from billing.services.rating import rate_month
from billing.services.retention import apply_retention
from billing.services.revocation import JOB as REVOKE_JOB
from billing.services.revocation import files_to_import_again, revoke_batch
from billing.services.top_ups.confirming import watch_top_ups
from billing.services.usage_import import import_usage
from billing.services.usage_repairs import opened
from billing.services.usage_requests import JOB
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.jobs.handlers import Outcome, handler
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress
from cardfleet.jobs.scheduling import scheduled
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.errors import NotAllowed, Reason, Refusal

REASONS_SHOWN = 500


@handler(JOB, label=_("Import of call records"))
def import_usage_file(job: Job, progress: Progress) -> Outcome:
    """Import the file of a batch; a batch that a worker finished before it died is left as it is."""
    batch = UsageBatch.objects.select_related("source", "file", "corrects__file").get(pk=job.params["batch"])
    now = timezone.now()
    if batch.lines:
        progress.expect(batch.lines)
    with opened(batch) as upload, tempfile.TemporaryDirectory() as folder:
        rejects = Path(folder) / file_name(batch)
        batch = import_usage(
            batch=batch,
            upload=upload,
            actor=job.owner,
            now=now,
            progress=lambda rows: progress.done(rows - progress.succeeded),
            rejects_to=rejects,
        )
        _count(batch, progress)
        return Outcome(summary=counts(batch), result_file=_kept(rejects, batch, job, now))


@handler(REVOKE_JOB, label=_("Revocation of call records"))
def revoke_usage(job: Job, progress: Progress) -> Outcome:
    """Revoke a batch; one that a worker revoked before it died is left as it is."""
    batch = UsageBatch.objects.select_related("source").get(pk=job.params["batch"])
    if batch.state != BatchState.REVOKED:
        batch = revoke_batch(batch=batch, reason=job.params["reason"], actor=job.owner, now=timezone.now()).batch
    revoked = batch.revoked_rows.count()
    progress.done(revoked)
    return Outcome(summary={"rows_revoked": revoked, "import_again": files_to_import_again(batch)})


@handler(BILLS_JOB, label=_("Import of bills"))
def import_bills(job: Job, progress: Progress) -> Outcome:
    """Store and check the bills of a statement; one that a worker finished before it died is left as it is."""
    statement = BillStatement.objects.get(pk=job.params["statement"])
    try:
        brought = store_bills(statement=statement, actor=job.owner, now=timezone.now())
    except Refusal:
        fail_statement(statement=statement)
        raise
    for reason in brought.refused:
        progress.refuse(reason.line or 0, reason)
    progress.done(len(brought.bills))
    return Outcome(summary={"bills": len(brought.bills), "rows_refused": len(brought.refused)})


@handler(BUNDLES_JOB, label=_("Import of messages and data"))
def import_bundle_uses(job: Job, progress: Progress) -> Outcome:
    """Record what a table says of messages and data; what is recorded already stays as it is."""
    file, month, actor = job.input_file, job.params["month"], job.owner
    if file is None or actor is None:
        raise NotAllowed
    with file.content.open("rb") as content:
        done = import_bundle_use(
            file=cast("BinaryIO", content),
            name=file.name,
            month=date.fromisoformat(month) if month else None,
            actor=actor,
            now=timezone.now(),
        )
    for reason in done.refused:
        progress.refuse(reason.line or 0, reason)
    progress.done(done.stored + done.known)
    return Outcome(summary={"stored": done.stored, "known": done.known})


def counts(batch: UsageBatch) -> dict[str, int]:
    """Return what became of the rows."""
    names = ("rows_read", "rows_stored", "rows_duplicate", "rows_refused", "rows_skipped", "rows_flagged")
    return {name: getattr(batch, name) for name in names}


def _count(batch: UsageBatch, progress: Progress) -> None:
    progress.succeeded = batch.rows_read - batch.rows_refused
    for reject in batch.rejects.order_by("line")[:REASONS_SHOWN]:
        progress.refuse(
            reject.line,
            Reason(code=reject.code, message=reject.message, column=reject.column, value=reject.value),
        )
    progress.refuse_uncounted(batch.rows_refused - progress.refused)


def _kept(rejects: Path, batch: UsageBatch, job: Job, now: datetime) -> StoredFile | None:
    if not rejects.exists():
        return None
    return store(
        content=rejects.read_bytes(),
        name=rejects.name,
        purpose="usage_rejects",
        owner=job.owner,
        now=now,
        subject=batch,
        made_here=True,
    )


@scheduled("make_partitions", crontab(hour=1, minute=10))
def make_partitions(*, on: date, now: datetime) -> dict[str, int]:
    """Keep the partitions of this month and the three after it."""
    return {"made": ensure_ahead(on)}


@scheduled("apply_retention", crontab(hour=3, minute=30))
def drop_what_is_past(*, on: date, now: datetime) -> dict[str, int]:
    """Drop the months and files that were kept long enough."""
    return apply_retention(on=on, now=now)


@scheduled("rate_month", crontab(hour=2, minute=0))
def rate_months(*, on: date, now: datetime) -> dict[str, int]:
    """Rate this month so far and the one before, whose late calls still come: fees, bundles, minimum spend."""
    months = (month_start(month_start(on) - timedelta(days=1)), month_start(on))
    return {"posted": sum(rate_month(month=month, actor=None, now=now).entries for month in months)}


@scheduled("advise_plans", crontab(hour=5, minute=20))
def advise_better_plans(*, on: date, now: datetime) -> dict[str, int]:
    """Compare what each card's last months would have cost on the plans of its carrier."""
    return {"better": advise_plans(now=now)}


@scheduled("find_balance_gaps", crontab(hour=4, minute=40))
def find_balance_gaps(*, on: date, now: datetime) -> dict[str, int]:
    """Look which accounts differ from their carrier's balance by what nothing explains."""
    return {"unexplained": find_gaps(now=now)}


@scheduled("sum_charges", crontab(minute=40))
def sum_charges(*, on: date, now: datetime) -> dict[str, int]:
    """Sum the charges of calls by month where new ones came, for the cost report to read."""
    return {"months": sum_months(now=now)}


@scheduled("remind_usage", crontab(hour=9, minute=0))
def remind_usage(*, on: date, now: datetime) -> dict[str, int]:
    """Remind of call records that lack while their carrier still has them."""
    return remind_of_usage(today=on, now=now)


@scheduled("gather_callees", crontab(minute="*/10"))
def gather_recent_callees(*, on: date, now: datetime) -> dict[str, int]:
    """Gather who was called today and yesterday, for the cap on repeats over all cards."""
    return {"gathered": gather_callees(on=on, days=2)}


@scheduled("gather_callees_anew", crontab(hour=4, minute=20))
def gather_all_callees(*, on: date, now: datetime) -> dict[str, int]:
    """Gather the last days anew, with what late files and revoked imports changed."""
    return {"gathered": gather_callees(on=on, days=DAYS_KEPT)}


@scheduled("watch_top_ups", crontab(minute=25))
def remind_of_top_ups(*, on: date, now: datetime) -> dict[str, int]:
    """Tell who pays of top-ups that have not come a day after they were paid."""
    return {"late": watch_top_ups(now=now)}


@scheduled("check_budgets", crontab(minute=50))
def check_budgets(*, on: date, now: datetime) -> dict[str, int]:
    """Reckon the budgets of this month and year, and tell once of each mark that is reached."""
    return watch_budgets(on=on, now=now)


@scheduled("remind_bills", crontab(hour=9, minute=10))
def remind_bills(*, on: date, now: datetime) -> dict[str, int]:
    """Remind of complaints no carrier answered in its term, and of bills to be paid."""
    return remind_of_bills(today=on, now=now)

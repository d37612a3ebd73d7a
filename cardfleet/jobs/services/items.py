"""What jobs write beside their deeds: what exactly they do it to, and which rows are done."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from cardfleet.jobs.models import Job, JobItem
from cardfleet.kernel.bulk import insert_many

KEPT = timedelta(days=30)


@transaction.atomic
def settle(*, job: Job, **params: Any) -> None:
    """Add to a job's parameters what its first run found out, so that a further run goes on from the same."""
    job.params = {**job.params, **params}
    job.save(update_fields=["params"])


@transaction.atomic
def store_items(*, items: Sequence[JobItem]) -> None:
    """Write down rows that were done; call it in the transaction of the deed."""
    insert_many(items)


@transaction.atomic
def claim_item(*, job: Job, line: int) -> JobItem | None:
    """Write down that a row is done, before it is, in the transaction of the deed; None where another run did it.

    It waits for a run that is at the same row.
    """
    try:
        with transaction.atomic():
            return JobItem.objects.create(job=job, line=line, subject=0)
    except IntegrityError:
        return None


@transaction.atomic
def note_subject(*, item: JobItem, subject: int) -> None:
    """Write down what a claimed row was done to; 0 for nothing that has an id."""
    item.subject = subject
    item.save(update_fields=["subject"])


@transaction.atomic
def mark_undone(*, item_ids: Collection[int], now: datetime) -> int:
    """Write down that rows were undone and return how many; call it in the transaction of the deed."""
    return JobItem.objects.filter(pk__in=item_ids, undone_at__isnull=True).update(undone_at=now)


def forget_old_items(*, now: datetime) -> int:
    """Delete rows done thirty days ago and more, which nobody undoes any more, and return how many."""
    return JobItem.objects.filter(job__created_at__lt=now - KEPT).delete()[0]

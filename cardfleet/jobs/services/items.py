"""What jobs write beside their deeds: what exactly they do it to, and which rows are done."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

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
def mark_undone(*, item_ids: Collection[int], now: datetime) -> int:
    """Write down that rows were undone and return how many; call it in the transaction of the deed."""
    return JobItem.objects.filter(pk__in=item_ids, undone_at__isnull=True).update(undone_at=now)


def forget_old_items(*, now: datetime) -> int:
    """Delete rows done thirty days ago and more, which nobody undoes any more, and return how many."""
    return JobItem.objects.filter(job__created_at__lt=now - KEPT).delete()[0]

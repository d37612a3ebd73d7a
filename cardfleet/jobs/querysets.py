"""How jobs are found, and who sees which."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models.functions import Coalesce

from cardfleet.accounts.models import User
from cardfleet.jobs.choices import JobState
from cardfleet.kernel.querysets import LockableQuerySet

if TYPE_CHECKING:
    from cardfleet.jobs.models import Job, JobItem

UNTAKEN_AFTER = timedelta(minutes=1)
DEAD_AFTER = timedelta(minutes=2)


class JobQuerySet(LockableQuerySet["Job"]):
    """Jobs."""

    def visible_to(self, user: User) -> Self:
        """Return the person's own jobs; those of others need `jobs.view_all_jobs`."""
        return self if user.has_perm("jobs.view_all_jobs") else self.filter(owner=user)

    def untaken(self, now: datetime) -> Self:
        """Return waiting jobs that no worker took within a minute of being asked for or called out again."""
        called = Coalesce("heartbeat_at", "created_at")
        return self.filter(state=JobState.QUEUED).alias(called=called).filter(called__lt=now - UNTAKEN_AFTER)

    def dead(self, now: datetime) -> Self:
        """Return jobs whose worker shows no sign of life."""
        return self.filter(state=JobState.RUNNING, heartbeat_at__lt=now - DEAD_AFTER)


class JobItemQuerySet(LockableQuerySet["JobItem"]):
    """Rows of jobs that were done."""

    def undoable(self) -> Self:
        """Return those that changed something and were not undone."""
        return self.filter(undone_at__isnull=True).exclude(left={})

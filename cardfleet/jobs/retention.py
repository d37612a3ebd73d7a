"""How long the single rows of long work are kept."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.jobs.models import JobRow
from cardfleet.kernel.retention import NO_FLOOR, Category, Effect, Rows, deleted, register, register_own_date


def past_rows(moment: datetime) -> QuerySet[JobRow]:
    """Return what is kept of single rows of work that was asked for before a moment."""
    return JobRow.objects.filter(job__created_at__lt=moment)


ROWS = Rows(past=past_rows, at="job__created_at", drop=deleted)

register(
    Category(
        code="job_rows",
        label=_("Rows of jobs, with what stood in them"),
        floor=NO_FLOOR,
        default=6,
        since=_("the job"),
        effect=Effect.DELETED,
        look=ROWS.look,
        drop=ROWS.go,
        at_once=200_000,
    )
)
register_own_date("job_items", _("What bulk work did to each row, to undo it"), _("30 days after the job"))
register_own_date("idempotency", _("Answers kept for repeated requests"), _("24 hours after the request"))
register_own_date(
    "runs", _("Runs of scheduled work"), _("60 days after the run, one day where it runs every few seconds")
)

"""Reports by the clock, and lists that are too long to be written within a request."""

from datetime import date, datetime

import structlog
from celery.schedules import crontab
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.jobs.handlers import Outcome, handler
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress
from cardfleet.jobs.scheduling import scheduled
from cardfleet.lists.models import ScheduledReport
from cardfleet.lists.services.exports import KIND, export_list
from cardfleet.lists.services.sending import send_report

log = structlog.get_logger("cardfleet.lists")


@handler(KIND, label=_("List as a file"))
def export(job: Job, progress: Progress) -> Outcome:
    """Write the list into a file."""
    kept = export_list(job=job, now=timezone.now())
    progress.expect(kept.rows)
    progress.done(kept.rows)
    return Outcome(result_file=kept.file)


@scheduled("send_reports", crontab(minute="*/5"))
def send_reports(*, on: date, now: datetime) -> dict[str, int]:
    """Send the reports whose time has come. One that fails is tried again at the next run and keeps none back."""
    counts, failure = {"sent": 0, "not_sent": 0}, None
    for pk in ScheduledReport.objects.due(now).values_list("pk", flat=True):
        try:
            run = send_report(report_id=pk, now=now)
        except Exception as error:
            log.exception("report failed", report=pk)
            failure, run = error, None
        counts["sent" if run else "not_sent"] += 1
    if failure:
        raise failure
    return counts

"""Reports by the clock."""

from datetime import date, datetime

import structlog
from celery.schedules import crontab

from cardfleet.jobs.scheduling import scheduled
from cardfleet.lists.models import ScheduledReport
from cardfleet.lists.services.sending import send_report

log = structlog.get_logger("cardfleet.lists")


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

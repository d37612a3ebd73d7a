"""Sending reports: each time once, however often or late the job runs.

A report is locked while its file is made, and the file, the messages, the next time and the journal entry are written
together: a worker that dies leaves all of it for the next run. Times that were missed are sent once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.journal.subjects import new_number
from cardfleet.kernel.clock import SHANGHAI, business_day
from cardfleet.lists.asking import Asked
from cardfleet.lists.messages import REPORT, REPORT_LARGE
from cardfleet.lists.models import ReportRun, ScheduledReport
from cardfleet.lists.registry import listing
from cardfleet.lists.selectors.reports import asked_by, fit_recipients, stopped_by
from cardfleet.lists.services.keeping import FILE, Kept, keep_list
from cardfleet.lists.services.stopping import stop_reports
from cardfleet.notify.services import mail_file

KEPT = timedelta(days=7)


@transaction.atomic
def send_report(*, report_id: int, now: datetime) -> ReportRun | None:
    """Send a report that is due, and return its run; None where another worker sent it or it had to be stopped."""
    report = ScheduledReport.objects.due(now).select_for_update(of=("self",)).filter(pk=report_id).first()
    if report is None:
        return None
    asked = asked_by(report)
    if why := stopped_by(report, asked):
        stop_reports(reports=ScheduledReport.objects.filter(pk=report.pk), why=why, actor=None, now=now)
    return _sent(report, asked, now) if asked and not why else None


def _sent(report: ScheduledReport, asked: Asked, now: datetime) -> ReportRun:
    """Write the file, queue the letters and set the next time."""
    with translation.override(report.owner.language or settings.LANGUAGE_CODE):
        number = new_number()
        made = _make(report, asked, number, now)
    people = list(report.recipients.all())
    fit = fit_recipients(people, asked.listing)
    run = ReportRun.objects.create(
        report=report,
        due_at=report.next_at,
        sent_at=now,
        rows=made.rows,
        sent_to=len(fit),
        left_out=len(people) - len(fit),
        file=made.file,
    )
    _mail(report, run, fit, now)
    report.next_at = report.slots.after(now)
    report.save(update_fields=["next_at"])
    _record(report, asked, run, number, now)
    return run


def _make(report: ScheduledReport, asked: Asked, number: str, now: datetime) -> Kept:
    """Write the file as the owner sees the list at this moment, and keep it for a week."""
    return keep_list(
        asked=asked,
        form=report.form,
        number=number,
        name=report.view_name,
        purpose="report",
        owner=report.owner,
        subject=report,
        now=now,
        delete_after=now + KEPT,
    )


def _mail(report: ScheduledReport, run: ReportRun, people: Sequence[User], now: datetime) -> None:
    file = run.file
    if file is None:
        return
    attached = file.size <= settings.MAIL_MAX_BYTES
    for person in people:
        with translation.override(person.language or settings.LANGUAGE_CODE):
            list_name = str(listing(report.listing).label)
        mail_file(
            user=person,
            code=REPORT if attached else REPORT_LARGE,
            params={
                "name": report.view_name,
                "list": list_name,
                "owner": str(report.owner),
                "rows": run.rows,
                "file": file.name,
                "day": f"{business_day(now):%Y-%m-%d}",
                "time": f"{now.astimezone(SHANGHAI):%H:%M}",
            },
            file=file,
            attached=attached,
            key=f"report:{report.pk}:{run.due_at.isoformat()}",
            now=now,
        )


def _record(report: ScheduledReport, asked: Asked, run: ReportRun, number: str, now: datetime) -> None:
    """Journal that data left, as an export of its owner: names of filters, never their values.

    The file's name, and a workbook's note, lead here by the number.
    """
    data = {
        "list": report.listing,
        "form": report.form,
        "rows": run.rows,
        "filters": sorted(name for name in asked.query if name in asked.filters.filters),
        "sent_to": run.sent_to,
    }
    marked = FILE.format(number=number)
    record(actor=report.owner, action="lists.report_sent", subject=report, related=(marked,), now=now, data=data)

"""Making, changing and ending scheduled reports."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotAllowed, NotVisible
from cardfleet.lists.choices import WhyStopped
from cardfleet.lists.errors import RecipientUnfit, ReportEnded
from cardfleet.lists.models import ScheduledReport
from cardfleet.lists.registry import listing
from cardfleet.lists.rules.slots import Slots
from cardfleet.lists.selectors.reports import fit_recipients, stopped_by
from cardfleet.lists.selectors.views import usable_views
from cardfleet.lists.services.stopping import stop_reports


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a report is to be: the file, when, and to whom (ids of people)."""

    form: str
    every: str
    weekday: int
    day: int
    at: time
    recipients: Collection[int]

    @property
    def slots(self) -> Slots:
        """The times it is sent at."""
        return Slots(every=self.every, weekday=self.weekday, day=self.day, at=self.at)


@transaction.atomic
def schedule_report(*, view_id: int, wanted: Wanted, actor: User, now: datetime) -> ScheduledReport:
    """Have a view sent. NotVisible, NotAllowed where its list may not be taken out, RecipientUnfit."""
    view = usable_views(actor).filter(pk=view_id).first()
    if view is None:
        raise NotVisible
    if not actor.has_perm(listing(view.listing).export_permission):
        raise NotAllowed
    report = ScheduledReport(view=view, view_name=view.name, listing=view.listing, owner=actor, created_at=now)
    _want(report, wanted, now)
    report.save(force_insert=True)
    report.recipients.set(_fit(report, wanted, actor))
    record(actor=actor, action="lists.report_scheduled", subject=report, now=now, data={"list": report.listing})
    return report


@transaction.atomic
def change_report(*, report_id: int, wanted: Wanted, actor: User, now: datetime) -> ScheduledReport:
    """Change one's own report. NotVisible, RecipientUnfit."""
    report = _locked(report_id, actor)
    if report.owner_id != actor.pk:
        raise NotVisible
    _want(report, wanted, now)
    report.save()
    report.recipients.set(_fit(report, wanted, actor))
    record(actor=actor, action="lists.report_changed", subject=report, now=now, data={"list": report.listing})
    return report


@transaction.atomic
def stop_report(*, report_id: int, actor: User, now: datetime) -> ScheduledReport:
    """Stop a report by hand. NotVisible."""
    report = _locked(report_id, actor)
    stop_reports(reports=ScheduledReport.objects.filter(pk=report.pk), why=WhyStopped.BY_HAND, actor=actor, now=now)
    report.refresh_from_db()
    return report


@transaction.atomic
def resume_report(*, report_id: int, actor: User, now: datetime) -> ScheduledReport:
    """Let a stopped report of one's own go on from its next time. NotVisible; ReportEnded while its cause stands."""
    report = _locked(report_id, actor)
    if report.owner_id != actor.pk:
        raise NotVisible
    why = stopped_by(report)
    if why:
        raise ReportEnded(message=ReportEnded.sentence.format(why=why.label))
    report.stopped_at, report.stopped_why, report.next_at = None, "", report.slots.after(now)
    report.save(update_fields=["stopped_at", "stopped_why", "next_at"])
    record(actor=actor, action="lists.report_resumed", subject=report, now=now)
    return report


def _locked(report_id: int, actor: User) -> ScheduledReport:
    report = ScheduledReport.objects.visible_to(actor).locked().filter(pk=report_id).first()
    if report is None:
        raise NotVisible
    return report


def _want(report: ScheduledReport, wanted: Wanted, now: datetime) -> None:
    report.form, report.every, report.at = wanted.form, wanted.every, wanted.at
    report.weekday, report.day = wanted.weekday, wanted.day
    report.next_at = wanted.slots.after(now)


def _fit(report: ScheduledReport, wanted: Wanted, actor: User) -> list[User]:
    people = list(User.objects.visible_to(actor).filter(pk__in=wanted.recipients))
    fit = fit_recipients(people, listing(report.listing))
    if not fit or len(fit) < len(set(wanted.recipients)):
        raise RecipientUnfit
    return fit

"""Stopping reports, and saying so."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.lists.choices import WhyStopped
from cardfleet.lists.messages import REPORT_STOPPED
from cardfleet.lists.models import ScheduledReport
from cardfleet.notify.services import Telling, tell_many


@transaction.atomic
def stop_reports(*, reports: "QuerySet[ScheduledReport]", why: WhyStopped, actor: User | None, now: datetime) -> int:
    """Stop running reports, tell whose they are and who received them, and return how many those were."""
    running = list(reports.filter(stopped_at__isnull=True).select_for_update(of=("self",)).order_by("pk"))
    for report in running:
        report.stopped_at, report.stopped_why = now, why
        report.save(update_fields=["stopped_at", "stopped_why"])
        record(actor=actor, action="lists.report_stopped", subject=report, now=now, data={"why": why})
        _tell(report, why, actor, now)
    return len(running)


def _tell(report: ScheduledReport, why: WhyStopped, actor: User | None, now: datetime) -> None:
    people = {person.pk: person for person in (report.owner, *report.recipients.all()) if person.is_active}
    if actor:
        people.pop(actor.pk, None)
    tell_many(
        tellings=[
            Telling(
                user=person,
                code=REPORT_STOPPED,
                params={"name": report.view_name, "why": _in(person, why)},
                key=f"report:{report.pk}:stopped:{now.isoformat()}",
                url=reverse("lists:report", args=[report.pk]) if person.pk == report.owner_id else "",
            )
            for person in people.values()
        ],
        now=now,
    )


def _in(person: User, why: WhyStopped) -> str:
    with translation.override(person.language or None):
        return str(why.label)

"""What is due at the compliance desk, the nearest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.errors import Text
from cardfleet.kernel.navigation import url_or_empty
from lifecycle.choices import ChecklistKind, MatterGroup
from lifecycle.models import Audit, ImpactAssessment, Law, Matter, Reverification
from lifecycle.rules.desk.matters import GROUPS
from lifecycle.selectors.desk.matters import RELATED, rows_of

AHEAD = timedelta(days=30)
SOON = timedelta(days=7)
A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class DueRow:
    """Something to be done by a moment (None: now): what it is, of which thing, and where it is done."""

    kind: Text
    what: str
    step: Text
    due_at: datetime | None
    url: str


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The desk: what is due, and how much is open."""

    due: Sequence[DueRow]
    late: int
    soon: int
    complaints: int
    requests: int
    breaches: int
    reverifications: int


def desk(now: datetime) -> Desk:
    """Return what is due within 30 days and what is late; the number of queries does not depend on how much."""
    today = business_day(now)
    open_ones = list(Matter.objects.open().select_related(*RELATED).order_by("due_at", "pk"))
    rows = [*_matters(open_ones), *records_due(today)]
    rows.sort(key=lambda row: row.due_at or now)
    counts = {group: sum(one.kind in kinds for one in open_ones) for group, kinds in GROUPS.items()}
    late = sum(row.due_at is None or row.due_at <= now for row in rows)
    return Desk(
        due=rows,
        late=late,
        soon=sum(row.due_at is not None and now < row.due_at <= now + SOON for row in rows),
        complaints=counts[MatterGroup.COMPLAINTS],
        requests=counts[MatterGroup.REQUESTS],
        breaches=counts[MatterGroup.BREACHES],
        reverifications=Reverification.objects.open().count(),
    )


def records_due(today: date) -> list[DueRow]:
    """Return the texts, assessments and checklists due within 30 days or late."""
    return [*_laws(today), *_assessments(today), *_audits(today)]


def _matters(matters: Sequence[Matter]) -> Iterator[DueRow]:
    for row in rows_of(matters):
        matter = row.matter
        yield DueRow(
            kind=matter.get_kind_display(),
            what=f"#{matter.pk} {matter.title}",
            step=row.waits_for or _("Close the matter"),
            due_at=matter.due_at,
            url=url_or_empty("lifecycle:matter", matter.pk),
        )


def _laws(today: date) -> Iterator[DueRow]:
    for law in Law.objects.filter(is_active=True, review_on__lte=today + AHEAD):
        yield DueRow(
            kind=law.get_kind_display(),
            what=law.name,
            step=_("Review the text"),
            due_at=_end_of(law.review_on),
            url=url_or_empty("lifecycle:law", law.pk),
        )


def _assessments(today: date) -> Iterator[DueRow]:
    for one in ImpactAssessment.objects.filter(review_on__lte=today + AHEAD):
        yield DueRow(
            kind=_("Impact assessment"),
            what=one.title,
            step=_("Weigh it again"),
            due_at=_end_of(one.review_on),
            url=url_or_empty("lifecycle:laws") + "#assessments",
        )


def _audits(today: date) -> Iterator[DueRow]:
    for audit in Audit.objects.filter(closed_at=None).select_related("checklist"):
        yield DueRow(
            kind=audit.checklist.get_kind_display(),
            what=audit.title,
            step=_("Answer the questions and close it"),
            due_at=_end_of(audit.due_on),
            url=url_or_empty("lifecycle:audit", audit.pk),
        )
    yearly = Audit.objects.filter(checklist__kind=ChecklistKind.SELF_AUDIT)
    if not yearly.filter(opened_at__gte=day_start(today - A_YEAR)).exists():
        yield DueRow(
            kind=ChecklistKind.SELF_AUDIT.label,
            what=str(today.year),
            step=_("Begin the self-audit of this year"),
            due_at=None,
            url=url_or_empty("lifecycle:audits"),
        )


def _end_of(day: date) -> datetime:
    return day_start(day + A_DAY)

"""What of cases falls due in a month, day by day; a clock that ends at midnight belongs to the day before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate

from cardfleet.kernel.clock import SHANGHAI, business_day, month_bounds
from cardfleet.kernel.errors import Text
from lifecycle.choices import SlaState
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import step_label
from lifecycle.rules.cases.sla import TONES, sla_state
from lifecycle.selectors.cases.progress import RELATED

AN_INSTANT = timedelta(microseconds=1)
MOST = 30


@dataclass(frozen=True, kw_only=True)
class Due:
    """A step of an open case that falls due."""

    case: Case
    label: Text
    due_at: datetime
    sla: SlaState

    @property
    def tone(self) -> str:
        """The colour of its clock."""
        return TONES[self.sla]


@dataclass(frozen=True, kw_only=True)
class DueDay:
    """What falls due on a day: how much it is, and the first of it."""

    count: int
    first: Sequence[Due]


def due_in(cases: QuerySet[Case], month: date, *, now: datetime) -> Mapping[date, DueDay]:
    """Return the steps of open cases of a scope that fall due in a month, the first `MOST` of each day; one query."""
    start, end = month_bounds(month)
    ahead = CaseStep.objects.standing().ahead().filter(due_at__gt=start, due_at__lte=end)
    mine = ahead.filter(case__in=cases.filter(closed_at__isnull=True).order_by())
    before = ExpressionWrapper(F("due_at") - AN_INSTANT, output_field=DateTimeField())
    day = TruncDate(before, tzinfo=SHANGHAI)
    placed = mine.annotate(
        place=Window(RowNumber(), partition_by=[day], order_by=("due_at", "pk")),
        of_day=Window(Count("pk"), partition_by=[day]),
    ).filter(place__lte=MOST)
    found: defaultdict[date, list[CaseStep]] = defaultdict(list)
    for step in placed.select_related(*(f"case__{name}" for name in RELATED)).order_by("due_at", "pk"):
        if step.due_at is not None:
            found[business_day(step.due_at - AN_INSTANT)].append(step)
    return {
        on: DueDay(
            count=vars(steps[0])["of_day"], first=[_due(step, step.due_at, now) for step in steps if step.due_at]
        )
        for on, steps in found.items()
    }


def _due(step: CaseStep, due_at: datetime, now: datetime) -> Due:
    began = step.opened_at or step.case.opened_at
    return Due(case=step.case, label=step_label(step), due_at=due_at, sla=sla_state(due_at, began_at=began, now=now))

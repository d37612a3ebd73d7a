"""What of cases falls due in a month, day by day; a clock that ends at midnight belongs to the day before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from cardfleet.kernel.clock import business_day, month_bounds
from cardfleet.kernel.errors import Text
from lifecycle.choices import SlaState
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import step_label
from lifecycle.rules.cases.sla import TONES, sla_state
from lifecycle.selectors.cases.progress import RELATED

AN_INSTANT = timedelta(microseconds=1)


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


def due_in(cases: QuerySet[Case], month: date, *, now: datetime) -> Mapping[date, Sequence[Due]]:
    """Return the steps of open cases of a scope that fall due in a month, by day; one query."""
    start, end = month_bounds(month)
    ahead = CaseStep.objects.standing().ahead().filter(due_at__gt=start, due_at__lte=end)
    mine = ahead.filter(case__in=cases.filter(closed_at__isnull=True).order_by())
    found: defaultdict[date, list[Due]] = defaultdict(list)
    for step in mine.select_related(*(f"case__{name}" for name in RELATED)).order_by("due_at", "pk"):
        if step.due_at is not None:
            found[business_day(step.due_at - AN_INSTANT)].append(_due(step, step.due_at, now))
    return dict(found)


def _due(step: CaseStep, due_at: datetime, now: datetime) -> Due:
    began = step.opened_at or step.case.opened_at
    return Due(case=step.case, label=step_label(step), due_at=due_at, sla=sla_state(due_at, began_at=began, now=now))

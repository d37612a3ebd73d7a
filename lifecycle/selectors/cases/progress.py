"""How far cases are: what each waits for, how it stands against its clock, which step is next.

Gates go before steps that may be left out, as on the page of a case (`lifecycle.rules.cases.steps.current`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as When_
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from cardfleet.kernel.errors import Text
from lifecycle.choices import CaseColumn, SlaState, StepStart, StepState
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import kind_of, step_label
from lifecycle.rules.cases.sla import TONES, sla_state

RELATED = ("card__carrier", "card__holder", "card__team", "assignee", "opened_by")


def with_column(cases: QuerySet[Case]) -> "QuerySet[Any, Any]":
    """Let each case tell what it waits for as `column` (a CaseColumn), so that lists can filter by it."""
    steps = CaseStep.objects.standing().filter(case=OuterRef("pk"))
    ahead = steps.filter(state__in=(StepState.OPEN, StepState.HALF_DONE)).order_by("-is_gate", "position", "pk")
    return cases.alias(
        next_state=Subquery(ahead.values("state")[:1]),
        next_starts=Subquery(ahead.values("starts")[:1]),
        next_awaits=Subquery(ahead.values("awaits")[:1]),
        is_begun=Exists(steps.filter(state=StepState.DONE)),
    ).annotate(column=_column())


def _column() -> When_:
    others = Q(next_starts=StepStart.EXTERNAL) | ~Q(next_awaits="")
    return When_(
        When(closed_at__isnull=False, then=Value(CaseColumn.ENDED)),
        When(next_state__isnull=True, then=Value(CaseColumn.ENDING)),
        When(next_state=StepState.HALF_DONE, then=Value(CaseColumn.SECOND)),
        When(others, then=Value(CaseColumn.OTHERS)),
        When(is_begun=False, then=Value(CaseColumn.NEW)),
        default=Value(CaseColumn.OURS),
        output_field=CharField(),
    )


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case as a list and the board show it. `step` is what is done next, empty where nothing is left."""

    case: Case
    step: Text
    reason: Text
    sla: SlaState

    @property
    def waits_for(self) -> Text:
        """What it waits for, in words; of a case read by `with_column`."""
        return CaseColumn(self.case.column).label  # type: ignore[attr-defined]

    @property
    def tone(self) -> str:
        """The colour of its clock."""
        return TONES[self.sla]

    @property
    def clock(self) -> Text:
        """How it stands against its clock, in words."""
        return self.sla.label


def rows_of(cases: Sequence[Case], *, now: datetime) -> list[CaseRow]:
    """Return cases (with RELATED joined) as rows, with their next steps in one query."""
    steps = next_steps(cases)
    return [_row(case, steps.get(case.pk), now) for case in cases]


def next_steps(cases: Sequence[Case]) -> Mapping[int, CaseStep]:
    """Return the step to be done next of each case that has one."""
    return {step.case_id: step for step in _open_steps(cases)}


def _open_steps(cases: Collection[Case]) -> list[CaseStep]:
    """Return the open steps of cases, each knowing its case, what is done next of a case last."""
    known = {case.pk: case for case in cases if case.is_open}
    ahead = CaseStep.objects.filter(case__in=known, state__in=(StepState.OPEN, StepState.HALF_DONE))
    steps = list(ahead.order_by("is_gate", "-position", "-pk"))
    for step in steps:
        step.case = known[step.case_id]
    return steps


def _row(case: Case, step: CaseStep | None, now: datetime) -> CaseRow:
    began = step.opened_at if step and step.opened_at else case.opened_at
    return CaseRow(
        case=case,
        step=step_label(step) if step else "",
        reason=kind_of(case.kind).reason_beside(case.reason),
        sla=sla_state(case.due_at, began_at=began, now=now) if case.is_open else SlaState.NO_CLOCK,
    )

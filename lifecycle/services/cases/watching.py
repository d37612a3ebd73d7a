"""The watch over open cases: what the carrier did meanwhile, who never answers, which clocks ran out.

Run twice, late or beside itself it does the same: a step is done once, a level is reached once, an alert is open once.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F, Min

from cards.choices import Axis
from cards.models import CardChange
from lifecycle.choices import StepStart, StepState
from lifecycle.errors import CaseClosed
from lifecycle.messages import CASE_ESCALATED, CASE_SEEN
from lifecycle.models import CaseStep
from lifecycle.rules.cases.clocks import WorkingDays
from lifecycle.rules.cases.watching import level_due
from lifecycle.selectors.cases.calendar import working_days
from lifecycle.services.cases.alerts import settle_case_alerts
from lifecycle.services.cases.handling import raise_level
from lifecycle.services.cases.steps import observe_step
from lifecycle.services.cases.telling import tell_of_case
from lifecycle.services.cases.writing import lock_case


def watch_cases(*, now: datetime) -> dict[str, int]:
    """Look after all open cases and return what was done. Each case is a transaction of its own."""
    seen = sum(_notice(step, change, now=now) for step, change in list(_fulfilled()))
    days = working_days()
    raised = sum(_raise(case_id, due_at, days=days, now=now) for case_id, due_at in list(_unanswered(now)))
    return {"seen": seen, "escalated": raised, **settle_case_alerts(now=now)}


def _fulfilled() -> Iterator[tuple[CaseStep, CardChange]]:
    """Yield the steps that wait for a state their card came into since the case was opened, with that change."""
    ahead = (
        CaseStep.objects.ahead()
        .exclude(awaits="")
        .filter(case__closed_at__isnull=True, awaits=F("case__card__service_state"))
    )
    steps = list(ahead.select_related("case").order_by("pk"))
    changes = CardChange.objects.standing().filter(card__in={step.case.card_id for step in steps}, axis=Axis.SERVICE)
    last = {change.card_id: change for change in changes.order_by("card_id", "-id").distinct("card_id")}
    for step in steps:
        change = last.get(step.case.card_id)
        if change and change.to_state == step.awaits and change.at >= step.case.opened_at:
            yield step, change


def _notice(step: CaseStep, change: CardChange, *, now: datetime) -> bool:
    """Let a step be done by what the carrier did, and tell who sees to the case."""
    with transaction.atomic():
        if not observe_step(step_id=step.pk, change=change, now=now):
            return False
        tell_of_case(step.case, CASE_SEEN, key=f"case:{step.case_id}:seen:{change.pk}", now=now)
    return True


def _unanswered(now: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield the open cases in which somebody else's answer is overdue, and since when."""
    waiting = CaseStep.objects.filter(
        state=StepState.OPEN, starts=StepStart.EXTERNAL, due_at__lte=now, case__closed_at__isnull=True
    )
    yield from waiting.values_list("case_id").annotate(since=Min("due_at")).order_by("case_id")


@transaction.atomic
def _raise(case_id: int, due_at: datetime, *, days: WorkingDays, now: datetime) -> bool:
    level = level_due(due_at, now=now, days=days)
    try:
        case = lock_case(case_id).case
    except CaseClosed:
        return False
    if case.level >= level:
        return False
    raise_level(case, level, reason="", actor=None, now=now)
    tell_of_case(case, CASE_ESCALATED, key=f"case:{case.pk}:level:{level}", now=now)
    return True

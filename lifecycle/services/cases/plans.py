"""Changes of plan that carriers announced for a day, on that day (R48, R66)."""

from datetime import date, datetime

from django.db import transaction

from lifecycle.choices import CaseOutcome
from lifecycle.errors import CaseClosed, ClosingRefused
from lifecycle.messages import PLAN_NOT_CHANGED
from lifecycle.selectors.cases.plans import changed_step, changes_due
from lifecycle.services.cases.closing import close_case
from lifecycle.services.cases.steps import reopen_step
from lifecycle.services.cases.telling import tell_of_cases
from lifecycle.services.cases.writing import lock_case


def change_plans(*, on: date, now: datetime) -> dict[str, int]:
    """Give cards the plans whose day has come, since that day, and end their cases; return how many, and how many not.

    Each case is a transaction of its own. Twice, late or beside itself makes no difference: an ended case is left
    alone. Where the plan cannot be the card's any more the step is open again, and who sees to the case is told.
    """
    done = [_take_effect(case_id, now=now) for case_id in changes_due(on=on)]
    return {"changed": done.count(True), "put_back": done.count(False)}


@transaction.atomic
def _take_effect(case_id: int, *, now: datetime) -> bool | None:
    """Tell whether the case ended; None where somebody was faster."""
    try:
        case = lock_case(case_id).case
    except CaseClosed:
        return None
    step = changed_step(case)
    if step is None:
        return None
    try:
        close_case(case_id=case_id, outcome=CaseOutcome.KEPT, actor=None, now=now)
    except ClosingRefused as refused:
        why = " ".join(str(reason.message) for reason in refused.reasons)
        reopen_step(step_id=step.pk, reason=why, actor=None, now=now)
        tell_of_cases([case], PLAN_NOT_CHANGED, key=lambda case: f"case:{case.pk}:not_changed:{step.pk}", now=now)
        return False
    return True

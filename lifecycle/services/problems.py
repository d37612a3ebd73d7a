"""Customers' problems: recorded by whoever hears of them, solved, the customer asked how content they are (R62)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, Conflict, NotVisible, Reason
from cardfleet.kernel.reading import Unreadable
from cards.models import Card
from lifecycle.models import CustomerProblem
from lifecycle.rules.checked_calls import BEST
from lifecycle.rules.problems import read_words


@transaction.atomic
def record_problem(
    *, agent: Agent, kind: str, text: str, raised_on: date, card: Card | None = None, actor: User, now: datetime
) -> CustomerProblem:
    """Record what a customer is not content with; BadInput for a day ahead or words that name a number."""
    reasons: list[Reason] = []
    words = _read(text, "text", reasons)
    if raised_on > business_day(now):
        reasons.append(Reason(code="day_ahead", field="raised_on", message=_("This day has not come yet. Correct it.")))
    if reasons:
        raise BadInput(reasons=reasons)
    problem = CustomerProblem.objects.create(
        agent=agent, card=card, kind=kind, text=words[:300], raised_on=raised_on, recorded_at=now, recorded_by=actor
    )
    data = {"kind": kind}
    record(actor=actor, action="lifecycle.problem_recorded", subject=agent, related=(problem,), now=now, data=data)
    return problem


@transaction.atomic
def solve_problem(
    *, problem_id: int, solution: str, satisfaction: int | None, actor: User, now: datetime
) -> CustomerProblem:
    """Say how a problem in the person's scope was solved, and how content the customer is. NotVisible, Conflict."""
    problem = CustomerProblem.objects.visible_to(actor).filter(pk=problem_id).select_related("agent").locked().first()
    if problem is None:
        raise NotVisible
    if problem.solved_at:
        raise Conflict
    reasons: list[Reason] = []
    words = _read(solution, "solution", reasons)
    if satisfaction is not None and not 1 <= satisfaction <= BEST:
        reasons.append(Reason(code="mark_range", field="satisfaction", message=_("Give 1 (bad) to 5 (good).")))
    if reasons:
        raise BadInput(reasons=reasons)
    problem.solution, problem.satisfaction = words[:300], satisfaction
    problem.solved_at, problem.solved_by = now, actor
    problem.save(update_fields=["solution", "satisfaction", "solved_at", "solved_by"])
    data = {"kind": problem.kind, "result": satisfaction}
    record(
        actor=actor, action="lifecycle.problem_solved", subject=problem.agent, related=(problem,), now=now, data=data
    )
    return problem


def _read(text: str, field: str, reasons: list[Reason]) -> str:
    try:
        return read_words(text)
    except Unreadable as error:
        reasons.append(error.as_reason(field=field))
        return ""

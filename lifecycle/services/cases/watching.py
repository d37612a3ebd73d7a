"""The watch over open cases: what the carrier did meanwhile, who never answers, which clocks ran out.

Run twice, late or beside itself it does the same: a step is done once, a level is reached once, an alert is open once.
The number of statements does not depend on the number of cases.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Min

from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.bulk import insert_many
from cards.choices import Axis
from cards.models import CardChange
from lifecycle.choices import StepStart, StepState
from lifecycle.messages import CASE_ESCALATED, CASE_SEEN
from lifecycle.models import Case, CaseStep
from lifecycle.rules.cases.steps import AHEAD
from lifecycle.rules.cases.watching import level_due
from lifecycle.selectors.cases.calendar import working_days
from lifecycle.selectors.cases.facts import standing_steps_of
from lifecycle.services.cases.alerts import settle_case_alerts
from lifecycle.services.cases.handling import escalate_many
from lifecycle.services.cases.telling import tell_of_cases
from lifecycle.services.cases.writing import CLOCK, lock_cases, restart

OBSERVED = (*CLOCK, "done_at", "data")


def watch_cases(*, now: datetime) -> dict[str, int]:
    """Look after all open cases and return what was done; each of the three looks is a transaction of its own."""
    return {"seen": _notice(now), "escalated": _raise(now), **settle_case_alerts(now=now)}


@transaction.atomic
def _notice(now: datetime) -> int:
    """Let steps be done by what the carrier did, with the card's change as proof, and tell who sees to the cases.

    It is a fact whatever gates are open before it, so no act is performed.
    """
    changes = _fulfilled()
    known = CaseStep.objects.filter(pk__in=changes).values_list("case_id", flat=True)
    cases = {case.pk: case for case in lock_cases(set(known)) if case.is_open}
    done: list[CaseStep] = []
    restarted: list[CaseStep] = []
    days = working_days()
    for case_id, standing in standing_steps_of(cases.values()).items():
        observed = [step for step in standing if step.pk in changes and step.state in AHEAD]
        for step in observed:
            change = changes[step.pk]
            step.state, step.done_at, step.data = StepState.DONE, change.at, {"change": change.pk}
            # What comes next could be done from the moment this was.
            restarted += restart(cases[case_id], standing, now=change.at, days=days)
        done += observed
    _store_observed(done, restarted, now=now)
    seen = {step.case_id: changes[step.pk].pk for step in done}
    tell_of_cases(
        [cases[pk] for pk in seen], CASE_SEEN, key=lambda case: f"case:{case.pk}:seen:{seen[case.pk]}", now=now
    )
    return len(done)


def _store_observed(done: Collection[CaseStep], restarted: Collection[CaseStep], *, now: datetime) -> None:
    touched = {step.pk: step for step in (*restarted, *done)}
    cases = {step.case_id: step.case for step in done}
    insert_many(list(touched.values()), key="id", update=OBSERVED)
    insert_many(list(cases.values()), key="id", update=["due_at"])
    deeds = [
        Deed(action="lifecycle.step_done", subject=step.case, related=(step.case.card,), data={"step": step.code})
        for step in done
    ]
    record_many(deeds, actor=None, now=now)


def _fulfilled() -> Mapping[int, CardChange]:
    """Return the ids of steps that wait for a state their card came into since the case was opened, with the change."""
    ahead = (
        CaseStep.objects.ahead()
        .exclude(awaits="")
        .filter(case__closed_at__isnull=True, awaits=F("case__card__service_state"))
    )
    steps = list(ahead.select_related("case").order_by("pk"))
    changes = CardChange.objects.standing().filter(card__in={step.case.card_id for step in steps}, axis=Axis.SERVICE)
    last = {change.card_id: change for change in changes.order_by("card_id", "-id").distinct("card_id")}
    return {step.pk: change for step in steps if (change := last.get(step.case.card_id)) and _fulfils(change, step)}


def _fulfils(change: CardChange, step: CaseStep) -> bool:
    return change.to_state == step.awaits and change.at >= step.case.opened_at


def _raise(now: datetime) -> int:
    """Ask the next instance about the cases whose answers are overdue, level by level; return about how many."""
    days, due = working_days(), defaultdict[int, list[int]](list)
    for case_id, level, since in _unanswered(now):
        wanted = level_due(since, now=now, days=days)
        if level < wanted:
            due[wanted].append(case_id)
    return sum(_ask(case_ids, level, now=now) for level, case_ids in sorted(due.items()))


def _unanswered(now: datetime) -> Iterator[tuple[int, int, datetime]]:
    """Yield the open cases in which somebody else's answer is overdue, with their level, and since when."""
    waiting = CaseStep.objects.filter(
        state=StepState.OPEN, starts=StepStart.EXTERNAL, due_at__lte=now, case__closed_at__isnull=True
    )
    yield from waiting.values_list("case_id", "case__level").annotate(since=Min("due_at")).order_by("case_id")


@transaction.atomic
def _ask(case_ids: Collection[int], level: int, *, now: datetime) -> int:
    asked = escalate_many(case_ids=case_ids, level=level, reason="", actor=None, now=now).done
    tell_of_cases(asked, CASE_ESCALATED, key=_level_key, now=now)
    return len(asked)


def _level_key(case: Case) -> str:
    return f"case:{case.pk}:level:{case.level}"

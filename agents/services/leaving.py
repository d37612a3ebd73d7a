"""Leaving, from the notice until all is wound up (R76): who holds cards, knows secrets, is registered as their user.

A task is done by what the books say (`selectors.leaving.met_tasks`), or by hand where they cannot know. Nothing is
asked about a card twice, and nobody's leaving is finished while something is left.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from agents.choices import AgentStatus, LeavingTaskKind
from agents.errors import AgentHasLeft, ReasonMissing
from agents.errors.leaving import (
    LeavesAlready,
    LeavingClosed,
    LeavingUnfinished,
    NoticeNotUsable,
    NoticeOver,
    TaskByFact,
)
from agents.models import Agent, Assignment, Leaving, LeavingTask
from agents.rules.leaving import BY_HAND, left_undone, tasks_of
from agents.selectors.leaving import leaver_facts, leaving_terms, met_tasks
from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible
from cards.models import Card


@transaction.atomic
def give_notice(*, agent_id: int, leaves_on: date, reason: str, actor: User | None, now: datetime) -> Leaving:
    """Record that an agent leaves at the end of a day; the cards in hand are to come back by then.

    They go on working until then. NoticeNotUsable for a day that is over, AgentHasLeft, LeavesAlready.
    """
    agent = Agent.objects.filter(pk=agent_id).select_related("user").locked().first()
    if agent is None:
        raise NotVisible
    if agent.status == AgentStatus.LEFT:
        raise AgentHasLeft
    if leaves_on < business_day(now) or (agent.joined_on and leaves_on < agent.joined_on):
        raise NoticeNotUsable
    if Leaving.objects.open().filter(agent=agent).exists():
        raise LeavesAlready
    leaving = Leaving.objects.create(
        agent=agent, reason=reason.strip(), leaves_on=leaves_on, noticed_at=now, noticed_by=actor
    )
    held = _call_back_by(agent, leaves_on, actor=actor, now=now)
    _write_tasks(leaving, agent, held)
    data = {"leaves_on": leaves_on.isoformat()}
    record(actor=actor, action="agents.notice_given", subject=agent, related=(leaving,), now=now, data=data)
    return leaving


@transaction.atomic
def begin_winding_up(*, agent: Agent, held: Sequence[Card], reason: str, actor: User | None, now: datetime) -> Leaving:
    """Write what is to be wound up after an agent, locked by the caller, has left today; a notice goes on as this."""
    today = business_day(now)
    leaving = Leaving.objects.open().filter(agent=agent).locked().first()
    if leaving is None:
        leaving = Leaving(agent=agent, reason=reason.strip()[:200], noticed_at=now, noticed_by=actor)
    leaving.left_at, leaving.leaves_on = now, today
    leaving.save()
    _call_back_by(agent, today, actor=actor, now=now)
    ids = [card.pk for card in held]
    LeavingTask.objects.filter(leaving=leaving, kind=LeavingTaskKind.RETURN, card__in=ids).update(
        done_at=None, done_by=None
    )
    _write_tasks(leaving, agent, ids)
    settle_tasks(now=now, leaving_ids=[leaving.pk])
    return leaving


@transaction.atomic
def withdraw_notice(*, leaving_id: int, reason: str, actor: User | None, now: datetime) -> Leaving:
    """Take a notice back: the agent stays, and the cards in hand need not come back for it. NoticeOver."""
    leaving = _locked(leaving_id)
    if not reason.strip():
        raise ReasonMissing
    if leaving.left_at:
        raise NoticeOver
    Assignment.objects.open().filter(agent=leaving.agent, due_back_on=leaving.leaves_on).update(due_back_on=None)
    return _take_back(leaving, reason=reason, actor=actor, now=now)


@transaction.atomic
def end_by_return(*, agent: Agent, actor: User | None, now: datetime) -> None:
    """Close the leaving of somebody who came back; what was wound up stays so."""
    leaving = Leaving.objects.open().filter(agent=agent).locked().first()
    if leaving:
        _take_back(leaving, reason="", actor=actor, now=now)


@transaction.atomic
def complete_task(*, leaving_id: int, task_id: int, note: str, actor: User | None, now: datetime) -> LeavingTask:
    """Record by hand that something is wound up, and how. TaskByFact where CardFleet sees for itself."""
    leaving = _locked(leaving_id)
    task = LeavingTask.objects.filter(leaving=leaving, pk=task_id).locked().first()
    if task is None:
        raise NotVisible
    if task.kind not in BY_HAND:
        raise TaskByFact
    if not note.strip():
        raise ReasonMissing
    if task.done_at is None:
        task.done_at, task.done_by, task.note = now, actor, note.strip()[:200]
        task.save(update_fields=["done_at", "done_by", "note"])
        record_many([_done(task, leaving)], actor=actor, now=now)
    return task


@transaction.atomic
def settle_tasks(*, now: datetime, leaving_ids: Sequence[int] | None = None) -> int:
    """Note what the books say is done, of all leavings or some; return how much. Run twice, once is enough."""
    tasks = LeavingTask.objects.all() if leaving_ids is None else LeavingTask.objects.filter(leaving__in=leaving_ids)
    ids = list(met_tasks(tasks).values_list("pk", flat=True))
    noted = list(LeavingTask.objects.filter(pk__in=ids, done_at=None).select_related("leaving__agent", "card").locked())
    LeavingTask.objects.filter(pk__in=[task.pk for task in noted]).update(done_at=now)
    record_many([_done(task, task.leaving) for task in noted], actor=None, now=now)
    return len(noted)


@transaction.atomic
def finish(*, leaving_id: int, actor: User | None, now: datetime) -> Leaving:
    """Close a leaving of which all is wound up. LeavingUnfinished names each task that is left."""
    leaving = _locked(leaving_id)
    settle_tasks(now=now, leaving_ids=[leaving.pk])
    left = LeavingTask.objects.filter(leaving=leaving, done_at=None).select_related("card").order_by("pk")
    reasons = [left_undone(task.kind, card=task.card.masked_msisdn if task.card else "") for task in left]
    if reasons or leaving.left_at is None:
        raise LeavingUnfinished(reasons=reasons)
    leaving.finished_at, leaving.finished_by = now, actor
    leaving.save(update_fields=["finished_at", "finished_by"])
    record(actor=actor, action="agents.leaving_finished", subject=leaving.agent, related=(leaving,), now=now)
    return leaving


def _locked(leaving_id: int) -> Leaving:
    leaving = Leaving.objects.filter(pk=leaving_id).select_related("agent__user").locked().first()
    if leaving is None:
        raise NotVisible
    if not leaving.is_open:
        raise LeavingClosed
    return leaving


def _take_back(leaving: Leaving, *, reason: str, actor: User | None, now: datetime) -> Leaving:
    leaving.withdrawn_at = now
    leaving.save(update_fields=["withdrawn_at"])
    action = "agents.leaving_withdrawn"
    record(actor=actor, action=action, subject=leaving.agent, related=(leaving,), now=now, reason=reason)
    return leaving


def _call_back_by(agent: Agent, day: date, *, actor: User | None, now: datetime) -> list[int]:
    """Let the cards in hand come back by a day at the latest, and return their ids."""
    held = list(Assignment.objects.open().filter(agent=agent).select_related("card").locked())
    later = [one for one in held if one.due_back_on is None or one.due_back_on > day]
    Assignment.objects.filter(pk__in=[one.pk for one in later]).update(due_back_on=day)
    deeds = [
        Deed(
            action="agents.return_day_changed",
            subject=one.card,
            related=(agent, one),
            data={"before": one.due_back_on.isoformat() if one.due_back_on else "", "after": day.isoformat()},
        )
        for one in later
    ]
    record_many(deeds, actor=actor, now=now)
    return [one.card_id for one in held]


def _write_tasks(leaving: Leaving, agent: Agent, held: Sequence[int]) -> None:
    """Write the tasks that are missing; the days of those that are there follow the last day."""
    known = {(task.kind, task.card_id): task for task in LeavingTask.objects.filter(leaving=leaving)}
    facts = leaver_facts(person=agent.user, held=held, leaves_on=leaving.leaves_on)
    wanted = list(tasks_of(facts, leaving_terms()))
    insert_many(
        [
            LeavingTask(leaving=leaving, kind=one.kind, card_id=one.card_id, due_on=one.due_on)
            for one in wanted
            if (one.kind, one.card_id) not in known
        ]
    )
    moved = [task for one in wanted if (task := known.get((one.kind, one.card_id))) and task.due_on != one.due_on]
    days = {(one.kind, one.card_id): one.due_on for one in wanted}
    for task in moved:
        task.due_on = days[task.kind, task.card_id]
    LeavingTask.objects.bulk_update(moved, ["due_on"])


def _done(task: LeavingTask, leaving: Leaving) -> Deed:
    related = (leaving, task.card) if task.card else (leaving,)
    return Deed(action="agents.leaving_task_done", subject=leaving.agent, related=related, data={"kind": task.kind})

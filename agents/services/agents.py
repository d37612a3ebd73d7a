"""Agents: entered, changed, put on hold, released, left, come back (R14, R76)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.db import transaction

from agents.choices import AgentStatus
from agents.errors import AgentHasLeft, AgentNotOnHold, DatesRunBackwards, ReasonMissing
from agents.models import Agent, Assignment, Leaving
from agents.services.leaving import begin_winding_up, end_by_return
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team, User
from cardfleet.accounts.services.access import deactivate, reactivate
from cardfleet.accounts.services.people import change_person, create_person, set_team
from cardfleet.journal import recording as journal
from cardfleet.journal.recording import Deed
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible
from cards.choices import CustodyState
from cards.models import Card
from cards.services.custody import CustodyMove, change_custodies

CALLED_BACK = (CustodyState.ISSUED, CustodyState.RESTING)


@dataclass(frozen=True, kw_only=True)
class AgentFacts:
    """What can be changed of an agent, all of it at once."""

    name: str
    staff_no: str | None
    mobile: str
    team: Team | None
    joined_on: date | None

    @classmethod
    def of(cls, agent: Agent) -> Self:
        """Return the facts as they stand."""
        user = agent.user
        return cls(
            name=user.name, staff_no=user.staff_no, mobile=user.mobile, team=user.team, joined_on=agent.joined_on
        )


@dataclass(frozen=True, kw_only=True)
class Left:
    """An agent who left, the cards still to be taken back from them, and the record of what is to be wound up."""

    agent: Agent
    held: list[Card]
    leaving: Leaving


@transaction.atomic
def create_agent(
    *,
    staff_no: str,
    name: str,
    team: Team | None,
    actor: User | None,
    now: datetime,
    mobile: str = "",
    joined_on: date | None = None,
) -> tuple[Agent, str]:
    """Enter an agent who signs in by staff number; return them with a one-time password, stored nowhere."""
    person, password = create_person(
        name=name, staff_no=staff_no, roles=[Role.AGENT], team=team, mobile=mobile, actor=actor, now=now
    )
    agent = Agent.objects.create(user=person, joined_on=joined_on)
    _journal(agent, "agents.agent_created", actor=actor, now=now)
    return agent, password


@transaction.atomic
def update_agent(
    *,
    agent_id: int,
    facts: AgentFacts,
    actor: User | None,
    now: datetime,
) -> Agent:
    """Change an agent's facts. Their cards follow them to another team, each as a new assignment from now on."""
    held = _lock_held_cards(agent_id)
    agent = _locked_agent(agent_id)
    _refuse_backwards(facts.joined_on, agent.left_on)
    change_person(
        person=agent.user,
        name=facts.name,
        staff_no=facts.staff_no,
        mobile=facts.mobile,
        email=agent.user.email,
        actor=actor,
        now=now,
    )
    if agent.user.team != facts.team:
        set_team(person=agent.user, team=facts.team, actor=actor, now=now)
        _move_cards(agent, held, team=facts.team, actor=actor, now=now)
    if agent.joined_on != facts.joined_on:
        agent.joined_on = facts.joined_on
        agent.save(update_fields=["joined_on"])
        _journal(agent, "agents.agent_updated", actor=actor, now=now)
    return _locked_agent(agent_id)


@transaction.atomic
def hold(*, agent_id: int, reason: str, actor: User | None, now: datetime) -> Agent:
    """Give an agent no further cards until released; those in hand stay."""
    if not reason.strip():
        raise ReasonMissing
    agent = _locked_agent(agent_id)
    _refuse_left(agent)
    _set_status(agent, AgentStatus.ON_HOLD, hold_reason=reason)
    _journal(agent, "agents.agent_held", actor=actor, now=now, reason=reason)
    return agent


@transaction.atomic
def release(*, agent_id: int, actor: User | None, now: datetime) -> Agent:
    """Let an agent on hold be given cards again."""
    agent = _locked_agent(agent_id)
    if agent.status != AgentStatus.ON_HOLD:
        raise AgentNotOnHold
    _set_status(agent, AgentStatus.ACTIVE)
    _journal(agent, "agents.agent_released", actor=actor, now=now)
    return agent


@transaction.atomic
def leave(*, agent_id: int, reason: str, actor: User | None, now: datetime) -> Left:
    """End an agent's employment today: the sign-in ends at once, the cards in hand are called back (R76).

    What is still held comes back in the answer: each card stays assigned until somebody takes it back. What is to be
    wound up is written down (`services.leaving`).
    """
    held = _lock_held_cards(agent_id)
    agent = _locked_agent(agent_id)
    _refuse_left(agent)
    agent.left_on = business_day(now)
    _refuse_backwards(agent.joined_on, agent.left_on)
    _set_status(agent, AgentStatus.LEFT, left_on=agent.left_on)
    if agent.user.is_active:
        deactivate(person=agent.user, reason=reason, actor=actor, now=now)
    _call_back(agent, held, actor=actor, now=now, reason=reason)
    leaving = begin_winding_up(agent=agent, held=held, reason=reason, actor=actor, now=now)
    _journal(agent, "agents.agent_left", actor=actor, now=now, reason=reason, data={"held": [card.pk for card in held]})
    fresh = list(Card.objects.filter(pk__in=[card.pk for card in held]))
    return Left(agent=agent, held=fresh, leaving=leaving)


@transaction.atomic
def rejoin(*, agent_id: int, joined_on: date | None, actor: User | None, now: datetime) -> tuple[Agent, str]:
    """Employ somebody who left again; return them with a one-time password. StillHere when they never left."""
    agent = _locked_agent(agent_id)
    _person, password = reactivate(person=agent.user, actor=actor, now=now)
    _set_status(agent, AgentStatus.ACTIVE, left_on=None, joined_on=joined_on or business_day(now))
    end_by_return(agent=agent, actor=actor, now=now)
    _journal(agent, "agents.agent_rejoined", actor=actor, now=now)
    return agent, password


def _locked_agent(agent_id: int) -> Agent:
    agent = Agent.objects.filter(pk=agent_id).select_related("user__team").locked().first()
    if agent is None:
        raise NotVisible
    return agent


def _lock_held_cards(agent_id: int) -> list[Card]:
    """Lock the cards in an agent's hands, before the agent: every writer takes the locks in this order."""
    held = Assignment.objects.open().filter(agent=agent_id).values("card")
    return list(Card.objects.filter(pk__in=held).locked())


def _refuse_left(agent: Agent) -> None:
    if agent.status == AgentStatus.LEFT:
        raise AgentHasLeft


def _refuse_backwards(joined_on: date | None, left_on: date | None) -> None:
    if joined_on and left_on and left_on < joined_on:
        raise DatesRunBackwards


def _set_status(agent: Agent, status: AgentStatus, *, hold_reason: str = "", **dates: date | None) -> None:
    agent.status, agent.hold_reason = status, hold_reason
    for name, day in dates.items():
        setattr(agent, name, day)
    agent.save(update_fields=["status", "hold_reason", *dates])


def _call_back(agent: Agent, held: list[Card], *, actor: User | None, now: datetime, reason: str) -> None:
    moves = [
        CustodyMove(card_id=card.pk, to=CustodyState.RETURN_DUE, holder=agent.user, team=card.team, at=now)
        for card in held
        if card.custody_state in CALLED_BACK
    ]
    if moves:
        change_custodies(moves=moves, actor=actor, now=now, reason=reason)


def _move_cards(agent: Agent, held: list[Card], *, team: Team | None, actor: User | None, now: datetime) -> None:
    """End each open assignment and open the next with the new team, so that cost stays where it arose."""
    old = list(Assignment.objects.open().filter(agent=agent).locked())
    Assignment.objects.filter(pk__in=[assignment.pk for assignment in old]).update(ended_at=now)
    Assignment.objects.bulk_create([_continued(assignment, team, now) for assignment in old])
    moves = [CustodyMove(card_id=card.pk, to=card.custody_state, holder=agent.user, team=team, at=now) for card in held]
    if moves:
        change_custodies(moves=moves, actor=actor, now=now)
    deeds = [Deed(action="agents.card_moved_with_agent", subject=card, related=(agent,)) for card in held]
    journal.record_many(deeds, actor=actor, now=now)


def _continued(assignment: Assignment, team: Team | None, now: datetime) -> Assignment:
    return Assignment(
        card_id=assignment.card_id,
        agent_id=assignment.agent_id,
        team=team,
        origin=assignment.origin,
        started_at=now,
        recorded_at=now,
        taken_from=assignment.taken_from,
        taken_from_team_id=assignment.taken_from_team_id,
        handed_by_id=assignment.handed_by_id,
        accept_by=assignment.accept_by,
        accepted_at=assignment.accepted_at,
        due_back_on=assignment.due_back_on,
        note=assignment.note,
    )


def _journal(
    agent: Agent,
    action: str,
    *,
    actor: User | None,
    now: datetime,
    reason: str = "",
    data: dict[str, list[int]] | None = None,
) -> None:
    journal.record(actor=actor, action=action, subject=agent, now=now, reason=reason, data=data)

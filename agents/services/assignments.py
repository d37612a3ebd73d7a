"""Handing out, accepting and taking back cards (R11, R74, R75; invariants 2, 3 and 6).

Each locks the card first and the agent after it, so that two writers never wait for each other, and lets
`cards.services.custody` write where the card is in the same transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from agents.choices import ReservationEnd
from agents.errors import (
    HandoutRefused,
    HandoverEnded,
    HeldThen,
    NotAssigned,
    NotTheHolder,
    ReasonMissing,
    ReturnNotUsable,
    StartNotUsable,
    UndoTooLate,
)
from agents.models import Agent, Assignment, Reservation
from agents.querysets import AgentQuerySet
from agents.rules.gates import Gate, judge
from agents.selectors.handout import handout_facts
from cardfleet.accounts.models import Team, User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.clock import business_day, day_start, month_start
from cardfleet.kernel.errors import BadInput, NotVisible, Reason, Text
from cardfleet.kernel.transactions import one_transaction
from cards.choices import Condition, CustodyState
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.services.cards import edit_facts
from cards.services.custody import change_custody

RETURN_PLACES = (CustodyState.IN_STOCK, CustodyState.SPARE, CustodyState.FAULTY)
ACCEPT_WITHIN = timedelta(hours=24)
MONTH_CLOSES_ON_DAY = 5


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A hand-out, and what only warned because its gate is lowered for now."""

    assignment: Assignment
    warnings: Sequence[Reason]


@one_transaction
def issue(
    *,
    card_id: int,
    agent_id: int,
    actor: User | None,
    now: datetime,
    gates: Mapping[str, Gate],
    started_at: datetime | None = None,
    due_back_on: date | None = None,
    note: str = "",
    cards: CardQuerySet | None = None,
    agents: AgentQuerySet | None = None,
    blocked_by: Callable[[Card], Sequence[Text]] = lambda _card: (),
) -> Issued:
    """Hand a card to an agent, who has 24 hours to accept it. A reservation of the card for them is used up by it.

    `started_at` is the true moment of a hand-out recorded late, within a month that is still open. `cards` and
    `agents` are those that may be named (all): NotVisible for another card, BadInput for another agent. `blocked_by`
    tells of the locked card, with what it belongs to, the sentences of block rules of higher apps that are hit.
    HandoutRefused names every unmet condition, with what is met in `context["met"]`; HeldThen where somebody held the
    card at that time. The card in the answer is the one that was found, as it stands then.
    """
    card = _locked_card(card_id, cards)
    agent = _locked_agent(agent_id, agents)
    began = _start(started_at, now)
    facts = handout_facts(
        card=card,
        agent=agent,
        actor=actor,
        today=business_day(now),
        until=due_back_on,
        blocked_by=blocked_by(card),
    )
    verdict = judge(facts, gates)
    if verdict.unmet:
        raise HandoutRefused(reasons=verdict.unmet, context={"met": verdict.met, "warned": verdict.warned})
    assignment = Assignment(
        card=card,
        agent=agent,
        team=agent.user.team,
        started_at=began,
        recorded_at=now,
        taken_from=card.custody_state,
        taken_from_team_id=card.team_id,
        condition=card.condition,
        handed_by=actor,
        accept_by=now + ACCEPT_WITHIN,
        due_back_on=due_back_on,
        note=note,
    )
    _open(assignment)
    if facts.own_reservation:
        Reservation.objects.filter(pk=facts.own_reservation).update(ended_at=now, end=ReservationEnd.USED)
    change_custody(
        card=card,
        to=CustodyState.ISSUED,
        holder=agent.user,
        team=agent.user.team,
        actor=actor,
        now=now,
        at=began,
        note=note,
        is_locked=True,
        also=[_deed(assignment, "agents.card_issued", data={"from": began.isoformat()})],
    )
    return Issued(assignment=assignment, warnings=verdict.warned)


@one_transaction
def accept(*, assignment_id: int, actor: User, now: datetime) -> Assignment:
    """Sign for a card handed out; only the agent it was handed to can. A second time changes nothing (R75)."""
    assignment = _locked_assignment(assignment_id)
    if assignment.agent.user_id != actor.pk:
        raise NotTheHolder
    if assignment.ended_at or assignment.undone_at:
        raise HandoverEnded
    if assignment.accepted_at:
        return assignment
    assignment.accepted_at = now
    assignment.save(update_fields=["accepted_at"])
    record_many([_deed(assignment, "agents.card_accepted")], actor=actor, now=now)
    return assignment


@one_transaction
def return_card(
    *,
    card_id: int,
    actor: User | None,
    now: datetime,
    to: str = CustodyState.IN_STOCK,
    condition: str = Condition.GOOD,
    note: str = "",
    ended_at: datetime | None = None,
) -> Assignment:
    """Take a card back from its holder and put it into stock, among the spares or the faulty ones.

    It stays with the team it was in. `ended_at` is the true moment of a return recorded late, within a month that is
    still open. NotAssigned when nobody holds it, ReturnNotUsable.
    """
    card = _locked_card(card_id)
    _refuse_place(to, condition)
    assignment = _open_assignment(card)
    ended = assignment.ended_at = _end(ended_at, assignment, now)
    assignment.returned_to = actor
    assignment.return_condition = Condition(condition)
    assignment.note = "\n".join(filter(None, [assignment.note, note]))
    assignment.save(update_fields=["ended_at", "returned_to", "return_condition", "note"])
    _put_back(card, to=to, team=card.team, actor=actor, now=now, at=ended, reason=note)
    edit_facts(card_id=card.pk, changes={"condition": condition}, actor=actor, now=now)
    data = {"to": to, "condition": condition, "on": ended.isoformat()}
    record_many([_deed(assignment, "agents.card_returned", data=data)], actor=actor, now=now)
    return assignment


@one_transaction
def undo(*, assignment_id: int, reason: str, actor: User | None, now: datetime) -> Assignment:
    """Undo a mistaken hand-out before it is accepted, or on its day: it never happened, the card lies where it lay."""
    assignment = _locked_assignment(assignment_id)
    if not reason.strip():
        raise ReasonMissing
    if assignment.ended_at or assignment.undone_at:
        raise HandoverEnded
    if assignment.accepted_at and business_day(assignment.recorded_at) != business_day(now):
        raise UndoTooLate
    assignment.undone_at = now
    assignment.reason = reason
    assignment.save(update_fields=["undone_at", "reason"])
    place, team, since = (
        assignment.taken_from or CustodyState.IN_STOCK,
        assignment.taken_from_team,
        assignment.started_at,
    )
    _put_back(assignment.card, to=place, team=team, actor=actor, now=now, at=since, reason=reason)
    used = Reservation.objects.filter(card=assignment.card, end=ReservationEnd.USED, ended_at=assignment.recorded_at)
    used.update(ended_at=None, end="")
    record_many([_deed(assignment, "agents.handout_undone", reason=reason)], actor=actor, now=now)
    return assignment


def open_months_from(now: datetime) -> datetime:
    """Return the start of the earliest month that is still open: last month's until the fifth, else this month's."""
    today = business_day(now)
    first = month_start(today)
    return day_start(first if today.day > MONTH_CLOSES_ON_DAY else month_start(first - timedelta(days=1)))


def _start(started_at: datetime | None, now: datetime) -> datetime:
    if started_at is None:
        return now
    if started_at > now:
        message = _("A hand-out cannot begin later than now. Correct the time.")
        raise StartNotUsable(reasons=[Reason(code="in_the_future", field="started_at", message=message)])
    if started_at < open_months_from(now):
        message = _("That month is closed: its costs stay as they are. Choose a time in a month that is open.")
        raise StartNotUsable(reasons=[Reason(code="month_closed", field="started_at", message=message)])
    return started_at


def _end(ended_at: datetime | None, assignment: Assignment, now: datetime) -> datetime:
    if ended_at is None:
        return now
    if ended_at > now:
        message = _("A return cannot lie later than now. Correct the time.")
        raise ReturnNotUsable(reasons=[Reason(code="in_the_future", field="ended_at", message=message)])
    if ended_at <= assignment.started_at:
        message = _("The card was handed out after that. Correct the time, or undo the hand-out.")
        raise ReturnNotUsable(reasons=[Reason(code="before_hand_out", field="ended_at", message=message)])
    if ended_at < open_months_from(now):
        message = _("That month is closed: its costs stay as they are. Choose a time in a month that is open.")
        raise ReturnNotUsable(reasons=[Reason(code="month_closed", field="ended_at", message=message)])
    return ended_at


def _open(assignment: Assignment) -> None:
    """Store it; the database itself refuses a second holder and an overlap, which ends the transaction."""
    try:
        assignment.save(force_insert=True)
    except IntegrityError as error:
        raise HeldThen from error


def _locked_card(card_id: int, cards: CardQuerySet | None = None) -> Card:
    found = Card.objects.all() if cards is None else cards
    card = found.filter(pk=card_id).select_related("registrant", "carrier", "contract").locked().first()
    if card is None:
        raise NotVisible
    return card


def _locked_agent(agent_id: int, agents: AgentQuerySet | None) -> Agent:
    found = Agent.objects.all() if agents is None else agents
    agent = found.filter(pk=agent_id).select_related("user__team").locked().first()
    if agent is None:
        message = _("No agent in your scope matches this.")
        raise BadInput(reasons=[Reason(code="does_not_exist", field="agent", message=message, value=str(agent_id))])
    return agent


def _locked_assignment(assignment_id: int) -> Assignment:
    known = Assignment.objects.filter(pk=assignment_id).only("card_id").first()
    if known is None:
        raise NotVisible
    _locked_card(known.card_id)
    related = ("card", "agent__user", "taken_from_team")
    return Assignment.objects.select_related(*related).locked().get(pk=assignment_id)


def _open_assignment(card: Card) -> Assignment:
    assignment = Assignment.objects.open().filter(card=card).select_related("card", "agent__user").locked().first()
    if assignment is None:
        raise NotAssigned
    return assignment


def _refuse_place(to: str, condition: str) -> None:
    if to not in RETURN_PLACES:
        message = _("A returned card goes into stock, to the spares, or to the faulty ones.")
        raise ReturnNotUsable(reasons=[Reason(code="place", field="to", message=message, value=to)])
    if condition == Condition.DAMAGED and to != CustodyState.FAULTY:
        message = _("A damaged card goes to the faulty ones. Choose that place, or another condition.")
        raise ReturnNotUsable(reasons=[Reason(code="damaged", field="to", message=message, value=to)])


def _put_back(
    card: Card, *, to: str, team: Team | None, actor: User | None, now: datetime, at: datetime, reason: str
) -> None:
    """Pass the locked card through the state of returned ones to its place."""
    for place in (CustodyState.RETURNED, to):
        change_custody(
            card=card, to=place, holder=None, team=team, actor=actor, now=now, at=at, reason=reason, is_locked=True
        )


def _deed(assignment: Assignment, action: str, *, reason: str = "", data: Mapping[str, str] | None = None) -> Deed:
    return Deed(
        action=action,
        subject=assignment.card,
        related=(assignment.agent, assignment),
        reason=reason,
        data={"assignment": assignment.pk, **(data or {})},
    )

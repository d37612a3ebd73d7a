"""Handing out, accepting and taking back cards (R11, R74, R75; invariants 2, 3 and 6).

Each locks the card first and the agent after it, so that two writers never wait for each other, and lets
`cards.services.custody` write where the card is in the same transaction.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.errors import (
    HandoverEnded,
    NotAssigned,
    NotTheHolder,
    ReasonMissing,
    ReturnNotUsable,
    UndoTooLate,
)
from agents.models import Assignment
from cardfleet.accounts.models import Team, User
from cardfleet.journal import recording as journal
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason
from cards.choices import Condition, CustodyState
from cards.models import Card
from cards.services.cards import edit_facts
from cards.services.custody import change_custody

RETURN_PLACES = (CustodyState.IN_STOCK, CustodyState.SPARE, CustodyState.FAULTY)


@transaction.atomic
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
    _journal(assignment, "agents.card_accepted", actor=actor, now=now)
    return assignment


@transaction.atomic
def return_card(
    *,
    card_id: int,
    actor: User | None,
    now: datetime,
    to: str = CustodyState.IN_STOCK,
    condition: str = Condition.GOOD,
    note: str = "",
) -> Assignment:
    """Take a card back from its holder and put it into stock, among the spares or the faulty ones.

    It stays with the team it was in. NotAssigned when nobody holds it.
    """
    card = _locked_card(card_id)
    _refuse_place(to, condition)
    assignment = _open_assignment(card)
    assignment.ended_at = now
    assignment.returned_to = actor
    assignment.return_condition = Condition(condition)
    assignment.note = "\n".join(filter(None, [assignment.note, note]))
    assignment.save(update_fields=["ended_at", "returned_to", "return_condition", "note"])
    _put_back(card, to=to, team=card.team, actor=actor, now=now, reason=note)
    edit_facts(card_id=card.pk, changes={"condition": condition}, actor=actor, now=now)
    _journal(assignment, "agents.card_returned", actor=actor, now=now, data={"to": to, "condition": condition})
    return assignment


@transaction.atomic
def undo(*, assignment_id: int, reason: str, actor: User | None, now: datetime) -> Assignment:
    """Undo a mistaken hand-out before it is accepted, or on its day: it never happened, the card lies where it lay."""
    if not reason.strip():
        raise ReasonMissing
    assignment = _locked_assignment(assignment_id)
    if assignment.ended_at or assignment.undone_at:
        raise HandoverEnded
    if assignment.accepted_at and business_day(assignment.recorded_at) != business_day(now):
        raise UndoTooLate
    assignment.undone_at = now
    assignment.reason = reason
    assignment.save(update_fields=["undone_at", "reason"])
    place = assignment.taken_from or CustodyState.IN_STOCK
    _put_back(assignment.card, to=place, team=assignment.taken_from_team, actor=actor, now=now, reason=reason)
    _journal(assignment, "agents.handout_undone", actor=actor, now=now, reason=reason)
    return assignment


def _locked_card(card_id: int) -> Card:
    card = Card.objects.filter(pk=card_id).locked().select_related("team", "holder").first()
    if card is None:
        raise NotVisible
    return card


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


def _put_back(card: Card, *, to: str, team: Team | None, actor: User | None, now: datetime, reason: str) -> None:
    for place in (CustodyState.RETURNED, to):
        change_custody(card=card, to=place, holder=None, team=team, actor=actor, now=now, at=now, reason=reason)


def _journal(
    assignment: Assignment,
    action: str,
    *,
    actor: User | None,
    now: datetime,
    reason: str = "",
    data: dict[str, str] | None = None,
) -> None:
    journal.record(
        actor=actor,
        action=action,
        subject=assignment.card,
        related=(assignment.agent, assignment),
        now=now,
        reason=reason,
        data={"assignment": assignment.pk, **(data or {})},
    )

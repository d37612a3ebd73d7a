"""Cards that were in hands before CardFleet knew them: a company comes with its running fleet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus, AssignmentOrigin
from agents.errors import ReasonMissing
from agents.models import Agent, Assignment
from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason
from cards.choices import ENDED, ChangeSource, CustodyState
from cards.models import Card, Sanction
from cards.rules.custody import ISSUABLE
from cards.rules.sanctions import no_new_number
from cards.selectors.sanctions import sanctioned_people
from cards.services.custody import CustodyMove, cards_as_entered, change_custodies


@dataclass(frozen=True, kw_only=True)
class TakenOver:
    """One card found in an agent's hands, since when (aware)."""

    card_id: int
    agent_id: int
    started_at: datetime


@dataclass(frozen=True, kw_only=True)
class TakeoverOutcome:
    """Assignments opened, rows that said what was known already, and rows refused with the reason."""

    opened: list[Assignment]
    unchanged: list[TakenOver]
    refused: list[tuple[TakenOver, Reason]]


@dataclass(frozen=True, kw_only=True)
class _Past:
    """What is known of the assignments of one card: who holds it, and when the last period ended."""

    open_agent_id: int | None = None
    last_end: datetime | None = None


@transaction.atomic
def open_taken_over(*, rows: Sequence[TakenOver], reason: str, actor: User | None, now: datetime) -> TakeoverOutcome:
    """Open an assignment for each row under one attested reason, which stands for the agents' acceptance.

    No gate is asked: the cards are in these hands whatever the gates would say; only who was under sanction already
    when the card came into these hands gets none. Good rows are written, the others
    come back with reasons; one row a card. The number of statements does not depend on the number of rows.
    NotVisible when a card or agent does not exist.
    """
    if not reason.strip():
        raise ReasonMissing
    cards = {card.pk: card for card in Card.objects.filter(pk__in=[row.card_id for row in rows]).locked()}
    agents = _agents(rows)
    if any(row.card_id not in cards or row.agent_id not in agents for row in rows):
        raise NotVisible
    pasts = _pasts(cards)
    sanctioned = sanctioned_people([agent.user_id for agent in agents.values()], today=business_day(now))
    outcome = TakeoverOutcome(opened=[], unchanged=[], refused=[])
    for row in rows:
        card, agent, past = cards[row.card_id], agents[row.agent_id], pasts.get(row.card_id, _Past())
        if past.open_agent_id == agent.pk:
            outcome.unchanged.append(row)
        elif unmet := _unmet(card, agent, row, past, now) or _barred(agent, row, sanctioned):
            outcome.refused.append((row, unmet))
        else:
            outcome.opened.append(_assignment(card, agent, row, reason=reason, actor=actor, now=now))
            pasts[card.pk] = _Past(open_agent_id=agent.pk)
    _store(outcome.opened, reason=reason, actor=actor, now=now)
    return outcome


def _agents(rows: Sequence[TakenOver]) -> dict[int, Agent]:
    found = Agent.objects.filter(pk__in={row.agent_id for row in rows}).select_related("user__team").locked()
    return {agent.pk: agent for agent in found}


def _pasts(cards: Iterable[int]) -> dict[int, _Past]:
    standing = Assignment.objects.standing().filter(card__in=list(cards))
    holders = dict(standing.filter(ended_at=None).values_list("card_id", "agent_id"))
    ends = standing.values("card_id").annotate(last=Max("ended_at"))
    return {
        row["card_id"]: _Past(open_agent_id=holders.get(row["card_id"]), last_end=row["last"])
        for row in ends.order_by("card_id")
    }


def _unmet(card: Card, agent: Agent, row: TakenOver, past: _Past, now: datetime) -> Reason | None:
    if row.started_at > now:
        return Reason(code="day_ahead", field="issued_on", message=_("This day has not come yet. Correct it."))
    if agent.status == AgentStatus.LEFT:
        return Reason(code="agent_has_left", field="holder", message=_("This agent has left, so holds no card."))
    if card.service_state in ENDED or card.custody_state == CustodyState.DESTROYED:
        return Reason(code="card_ended", field="holder", message=_("This card's number is no longer ours."))
    if past.open_agent_id:
        return Reason(
            code="held_by_another",
            field="holder",
            message=_("Another agent holds this card."),
            clears=_("Take it back there first."),
        )
    if past.last_end and past.last_end > row.started_at:
        return Reason(
            code="held_then", field="issued_on", message=_("Somebody else held this card at that time already.")
        )
    return None


def _barred(agent: Agent, row: TakenOver, sanctioned: Mapping[int, Sanction]) -> Reason | None:
    sanction = sanctioned.get(agent.user_id)
    if sanction is None or business_day(row.started_at) < sanction.starts_on:
        return None
    return no_new_number("holder", sanction.ends_on)


def _assignment(
    card: Card, agent: Agent, row: TakenOver, *, reason: str, actor: User | None, now: datetime
) -> Assignment:
    return Assignment(
        card=card,
        agent=agent,
        team=agent.user.team,
        origin=AssignmentOrigin.TAKEOVER,
        started_at=row.started_at,
        recorded_at=now,
        accepted_at=now,
        taken_from=card.custody_state if card.custody_state in ISSUABLE else CustodyState.IN_STOCK,
        taken_from_team=card.team,
        handed_by=actor,
        reason=reason,
    )


def _store(opened: Sequence[Assignment], *, reason: str, actor: User | None, now: datetime) -> None:
    Assignment.objects.bulk_create(opened, batch_size=1000)
    entered = cards_as_entered([assignment.card_id for assignment in opened])
    moves = [
        CustodyMove(
            card_id=assignment.card_id,
            to=CustodyState.ISSUED,
            holder=assignment.agent.user,
            team=assignment.team,
            at=assignment.started_at
            if assignment.card_id in entered
            else max(assignment.started_at, assignment.card.custody_since),
        )
        for assignment in opened
    ]
    if moves:
        change_custodies(moves=moves, actor=actor, now=now, reason=reason, source=ChangeSource.TAKEOVER)
    deeds = [
        Deed(
            action="agents.card_taken_over",
            subject=assignment.card,
            related=(assignment.agent, assignment),
            reason=reason,
            data={"from": assignment.started_at.isoformat()},
        )
        for assignment in opened
    ]
    record_many(deeds, actor=actor, now=now)

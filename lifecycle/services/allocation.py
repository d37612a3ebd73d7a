"""Handing out a card from where everything that may forbid it is seen (R11, R47, R55; invariant 3)."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from django.utils.translation import gettext

from agents.models import Assignment
from agents.querysets import AgentQuerySet
from agents.rules.gates import Gate
from agents.services.assignments import Issued, issue, return_card, undo
from billing.selectors.calls import calls_stored
from billing.services.attributions import attribute_stored, wait_for_imports
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.transactions import one_transaction
from cards.choices import Condition, CustodyState
from cards.models import Card
from cards.querysets import CardQuerySet
from lifecycle.selectors.blocking import blocking_sentences


@one_transaction
def issue_card(
    *,
    card_id: int,
    agent_id: int,
    actor: User | None,
    now: datetime,
    gates: Mapping[str, Gate],
    due_back_on: date | None = None,
    note: str = "",
    started_at: datetime | None = None,
    cards: CardQuerySet | None = None,
    agents: AgentQuerySet | None = None,
) -> Issued:
    """Hand a card to an agent unless a gate or a block rule forbids it; the refusal names every unmet condition.

    `started_at` is the true moment of a hand-out recorded late; calls stored since then become the agent's. `cards`
    and `agents` are those that may be named. Errors as `agents.services.assignments.issue`.
    """
    if started_at:
        wait_for_imports()
    issued = issue(
        card_id=card_id,
        agent_id=agent_id,
        actor=actor,
        now=now,
        gates=gates,
        due_back_on=due_back_on,
        note=note,
        started_at=started_at,
        cards=cards,
        agents=agents,
        blocked_by=partial(blocking_sentences, now=now),
    )
    if started_at:
        attribute_stored(
            card_id=card_id,
            agent_id=agent_id,
            starts_at=started_at,
            ends_at=now,
            instead_of=None,
            reason=note or gettext("Hand-out recorded late"),
            actor=actor,
            now=now,
        )
    return issued


@one_transaction
def take_back(
    *,
    card_id: int,
    actor: User | None,
    now: datetime,
    to: str = CustodyState.IN_STOCK,
    condition: str = Condition.GOOD,
    note: str = "",
    ended_at: datetime | None = None,
) -> Assignment:
    """Take a card back as `agents.services.assignments.return_card`.

    Calls stored since a return that is recorded late (`ended_at`) become nobody's.
    """
    if ended_at:
        wait_for_imports()
    returned = return_card(
        card_id=card_id, actor=actor, now=now, to=to, condition=condition, note=note, ended_at=ended_at
    )
    if ended_at:
        attribute_stored(
            card_id=card_id,
            agent_id=None,
            starts_at=ended_at,
            ends_at=now,
            instead_of=returned.agent_id,
            reason=note or gettext("Return recorded late"),
            actor=actor,
            now=now,
        )
    return returned


@one_transaction
def undo_hand_out(*, assignment_id: int, reason: str, actor: User | None, now: datetime) -> Assignment:
    """Undo a hand-out as `agents.services.assignments.undo`; calls that were stored since then are nobody's again."""
    wait_for_imports()
    undone = undo(assignment_id=assignment_id, reason=reason, actor=actor, now=now)
    if calls_stored(undone.card_id, since=undone.started_at, until=now):
        attribute_stored(
            card_id=undone.card_id,
            agent_id=None,
            starts_at=undone.started_at,
            ends_at=now,
            instead_of=undone.agent_id,
            reason=reason,
            actor=actor,
            now=now,
        )
    return undone


@one_transaction
def transfer_card(
    *,
    card_id: int,
    agent_id: int,
    actor: User | None,
    now: datetime,
    gates: Mapping[str, Gate],
    due_back_on: date | None = None,
    note: str = "",
    agents: AgentQuerySet | None = None,
) -> Issued:
    """Take a card back and hand it to another agent, both or neither; it stays in the condition it is in.

    Errors as `issue_card`, NotAssigned where nobody holds it.
    """
    condition = Card.objects.filter(pk=card_id).values_list("condition", flat=True).first()
    before = return_card(card_id=card_id, actor=actor, now=now, condition=condition or Condition.GOOD, note=note)
    issued = issue_card(
        card_id=card_id,
        agent_id=agent_id,
        actor=actor,
        now=now,
        gates=gates,
        due_back_on=due_back_on,
        note=note,
        agents=agents,
    )
    related = (before.agent, issued.assignment.agent, issued.assignment)
    data = {"assignment": issued.assignment.pk}
    record(
        actor=actor,
        action="agents.card_transferred",
        subject=issued.assignment.card,
        related=related,
        reason=note,
        now=now,
        data=data,
    )
    return issued

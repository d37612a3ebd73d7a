"""Handing cards to agents, many in one act (a transaction a card, one receipt): one message an agent (R11, R75)."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from agents.choices import HandoverKind
from agents.errors import NothingChosen, ReasonMissing, TooManyCards
from agents.messages import HANDED_OVER
from agents.models import Agent, Assignment, Handover
from agents.querysets import AgentQuerySet, AssignmentQuerySet
from agents.rules.gates import Gate
from agents.services.assignments import Issued
from agents.services.handovers import add_to_receipt, open_receipt
from agents.services.requests import fulfil_request, refuse_unapproved
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotVisible, Reason, Refusal
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.transactions import one_transaction
from cardfleet.notify.selectors import was_told
from cardfleet.notify.services import Telling, tell_many
from cards.querysets import CardQuerySet
from cards.services.cards import edit_facts
from lifecycle.services.allocation import issue_card, transfer_card, undo_hand_out

MOST_CARDS = 200
ONE_ACT = timedelta(minutes=10)
"""Cards handed out one by one within this time are one act to whoever gets them."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is handed out in one act, to whom, and on which terms.

    `conditions` are those of cards that are not in the condition on record. `request_id` is the approved request that
    the act answers. `act` is shared by the hand-overs of one distribution.
    """

    card_ids: Sequence[int]
    agent_id: int
    kind: str = HandoverKind.HANDOUT
    due_back_on: date | None = None
    note: str = ""
    accessories: str = ""
    started_at: datetime | None = None
    conditions: Mapping[int, str] = field(default_factory=dict)
    request_id: int | None = None
    act: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What became of one card: handed out, perhaps with warnings of gates that are lowered, or refused."""

    card_id: int
    refusal: Refusal | None = None
    warnings: Sequence[Reason] = ()


@dataclass(frozen=True, kw_only=True)
class Given:
    """What became of an act; no receipt where every card was refused."""

    receipt: Handover | None
    rows: Sequence[Row]

    @property
    def count(self) -> int:
        """How many cards were handed out."""
        return sum(1 for row in self.rows if row.refusal is None)


def hand_out(
    *,
    wanted: Wanted,
    actor: User,
    now: datetime,
    gates: Mapping[str, Gate],
    cards: CardQuerySet | None = None,
    agents: AgentQuerySet | None = None,
) -> Given:
    """Hand each card to the agent, or pass it on from another one; a card that is refused hinders no other.

    Each card is a transaction of its own, so that a rival waits for one card and not for forty. The first that is
    handed out opens the receipt. `cards` and `agents` are those that may be named. NothingChosen, TooManyCards;
    RequestNotApproved refuses the whole act.
    """
    ids = list(dict.fromkeys(wanted.card_ids))
    if not ids:
        raise NothingChosen
    if len(ids) > MOST_CARDS:
        raise TooManyCards
    if wanted.request_id:
        refuse_unapproved(request_id=wanted.request_id, agent_id=wanted.agent_id, count=len(ids))
    visible = set(ids if cards is None else cards.filter(pk__in=ids).values_list("pk", flat=True))
    receipt, rows = None, []
    for card_id in ids:
        try:
            if card_id not in visible:
                raise NotVisible
            receipt, issued = _one(
                card_id, receipt=receipt, wanted=wanted, actor=actor, now=now, gates=gates, agents=agents
            )
        except Refusal as refusal:
            rows.append(Row(card_id=card_id, refusal=refusal))
        else:
            rows.append(Row(card_id=card_id, warnings=issued.warnings))
    given = Given(receipt=receipt, rows=rows)
    if receipt:
        tell_receipt(receipt=receipt, count=given.count, now=now)
    return given


@one_transaction
def hand_one(
    *,
    wanted: Wanted,
    actor: User,
    now: datetime,
    gates: Mapping[str, Gate],
    cards: CardQuerySet | None = None,
    agents: AgentQuerySet | None = None,
) -> Issued:
    """Hand out the one card that is wanted, or pass it on, and tell the agent; a second card at once needs no message.

    Errors as `lifecycle.services.allocation.issue_card`.
    """
    [card_id] = wanted.card_ids
    issued = _hand(card_id, wanted=wanted, actor=actor, now=now, gates=gates, cards=cards, agents=agents)
    held, since = issued.assignment, now - ONE_ACT
    waiting = Assignment.objects.unaccepted().filter(agent=held.agent, recorded_at__gte=since).exclude(pk=held.pk)
    if not (waiting.exists() and was_told(held.agent.user_id, HANDED_OVER, since=since)):
        tell_many(tellings=[_telling(held.agent, 1, by=actor, key=f"assignment:{held.pk}")], now=now)
    return issued


@one_transaction
def _one(
    card_id: int,
    *,
    receipt: Handover | None,
    wanted: Wanted,
    actor: User,
    now: datetime,
    gates: Mapping[str, Gate],
    agents: AgentQuerySet | None,
) -> tuple[Handover, Issued]:
    if condition := wanted.conditions.get(card_id):
        edit_facts(card_id=card_id, changes={"condition": condition}, actor=actor, now=now)
    issued = _hand(card_id, wanted=wanted, actor=actor, now=now, gates=gates, agents=agents)
    if receipt:
        add_to_receipt(receipt=receipt, assignment=issued.assignment)
        return receipt, issued
    opened = open_receipt(
        assignment=issued.assignment,
        act=wanted.act,
        kind=wanted.kind,
        accessories=wanted.accessories,
        actor=actor,
        now=now,
    )
    if wanted.request_id:
        fulfil_request(request_id=wanted.request_id, receipt=opened, now=now)
    return opened, issued


def _hand(
    card_id: int,
    *,
    wanted: Wanted,
    actor: User,
    now: datetime,
    gates: Mapping[str, Gate],
    agents: AgentQuerySet | None,
    cards: CardQuerySet | None = None,
) -> Issued:
    if wanted.kind == HandoverKind.TRANSFER:
        return transfer_card(
            card_id=card_id,
            agent_id=wanted.agent_id,
            actor=actor,
            now=now,
            gates=gates,
            due_back_on=wanted.due_back_on,
            note=wanted.note,
            agents=agents,
        )
    return issue_card(
        card_id=card_id,
        agent_id=wanted.agent_id,
        actor=actor,
        now=now,
        gates=gates,
        due_back_on=wanted.due_back_on,
        note=wanted.note,
        started_at=wanted.started_at,
        cards=cards,
        agents=agents,
    )


def distribute(
    *,
    pairs: Sequence[tuple[int, int]],
    due_back_on: date | None,
    actor: User,
    now: datetime,
    gates: Mapping[str, Gate],
    cards: CardQuerySet,
    agents: AgentQuerySet,
) -> dict[int, Given]:
    """Hand cards to agents as planned (card id, agent id), and return by agent what became of it.

    It is one act and is undone as one. Errors as `hand_out`, before any card is handed out.
    """
    if not pairs:
        raise NothingChosen
    if len(pairs) > MOST_CARDS:
        raise TooManyCards
    act, by_agent = uuid.uuid4(), defaultdict(list)
    for card_id, agent_id in pairs:
        by_agent[agent_id].append(card_id)
    return {
        agent_id: hand_out(
            wanted=Wanted(card_ids=card_ids, agent_id=agent_id, due_back_on=due_back_on, act=act),
            actor=actor,
            now=now,
            gates=gates,
            cards=cards,
            agents=agents,
        )
        for agent_id, card_ids in by_agent.items()
    }


def undo_act(
    *, act: uuid.UUID, assignments: AssignmentQuerySet, reason: str, actor: User, now: datetime
) -> Sequence[Row]:
    """Undo every hand-out of an act that still stands, among those in scope; each card for itself, as it went out.

    ReasonMissing, NothingChosen where none stands any more.
    """
    if not reason.strip():
        raise ReasonMissing
    standing = list(assignments.open().filter(handover__act=act).order_by("pk").values_list("pk", "card_id"))
    if not standing:
        raise NothingChosen
    return [_undone(assignment_id, card_id, reason=reason, actor=actor, now=now) for assignment_id, card_id in standing]


def _undone(assignment_id: int, card_id: int, *, reason: str, actor: User, now: datetime) -> Row:
    try:
        undo_hand_out(assignment_id=assignment_id, reason=reason, actor=actor, now=now)
    except Refusal as refusal:
        return Row(card_id=card_id, refusal=refusal)
    return Row(card_id=card_id)


@one_transaction
def tell_handed(*, card_ids: Collection[int], key: str, actor: User, now: datetime) -> None:
    """Tell each agent once of those of the cards that wait for their signature; a key is told once."""
    waiting = Assignment.objects.unaccepted().filter(card__in=card_ids)
    counts = Counter(waiting.values_list("agent_id", flat=True))
    people = Agent.objects.select_related("user").filter(pk__in=counts).order_by("pk")
    tell_many(tellings=[_telling(agent, counts[agent.pk], by=actor, key=key) for agent in people], now=now)


@one_transaction
def tell_receipt(*, receipt: Handover, count: int, now: datetime) -> None:
    """Tell the agent once that so many cards wait for the signature, however many there are."""
    key = f"handover:{receipt.pk}"
    tell_many(tellings=[_telling(receipt.agent, count, by=receipt.handed_by, key=key)], now=now)


def _telling(agent: Agent, count: int, *, by: User | None, key: str) -> Telling:
    return Telling(
        user=agent.user,
        code=HANDED_OVER,
        params={"count": count, "by": str(by or "CardFleet")},
        key=key,
        url=url_or_empty("lifecycle:my"),
        email=True,
    )

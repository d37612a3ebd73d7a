"""Handing out a card from where everything that may forbid it is seen (R11, R47, R55; invariant 3)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.errors import HandoutRefused
from agents.models import Assignment
from agents.rules.gates import Gate
from agents.services.assignments import Issued, issue, return_card, undo
from billing.selectors.calls import calls_stored
from billing.services.attributions import attribute_stored, wait_for_imports
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason, Text
from cards.choices import Condition, CustodyState, ServiceState
from cards.models import Card
from lifecycle.rules.kinds import KINDS, blocked, find
from lifecycle.rules.texts import render
from lifecycle.selectors.facts import own_facts
from lifecycle.selectors.rules import rule_book

RELATED = ("carrier", "contract", "registrant", "holder")
PENALTY = (ServiceState.FORCED_STOP, ServiceState.REVERIFY_STOP)
# Gates of their own judge these against the agent who is to get the card, and may be lowered for a while.
GATED = frozenset({"real_name", "user_match"})


@transaction.atomic
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
) -> Issued:
    """Hand a card to an agent unless a gate or a block rule forbids it; the refusal names every unmet condition.

    `started_at` is the true moment of a hand-out recorded late; calls stored since then become the agent's.
    HandoutRefused as `agents.services.assignments.issue`; NotVisible when there is no such card.
    """
    if started_at:
        wait_for_imports()
    card = Card.objects.select_related(*RELATED).filter(pk=card_id).first()
    if card is None:
        raise NotVisible
    _refuse_switch(card, agent_id, actor)
    issued = issue(
        card_id=card_id,
        agent_id=agent_id,
        actor=actor,
        now=now,
        gates=gates,
        due_back_on=due_back_on,
        note=note,
        blocked_by=blocking_sentences(card, now=now),
        started_at=started_at,
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


@transaction.atomic
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


@transaction.atomic
def undo_hand_out(*, assignment_id: int, reason: str, actor: User | None, now: datetime) -> Assignment:
    """Undo a hand-out as `agents.services.assignments.undo`; calls that were stored since then are nobody's again."""
    mistake = Assignment.objects.filter(pk=assignment_id).first()
    # Most are undone within minutes, before any call is stored: nobody should wait for an import then.
    called = mistake is not None and calls_stored(mistake.card_id, since=mistake.started_at, until=now)
    if called:
        wait_for_imports()
    undone = undo(assignment_id=assignment_id, reason=reason, actor=actor, now=now)
    if called:
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


@transaction.atomic
def transfer_card(
    *, card_id: int, agent_id: int, actor: User | None, now: datetime, gates: Mapping[str, Gate], note: str = ""
) -> Issued:
    """Take a card back and hand it to another agent, both or neither.

    HandoutRefused and NotVisible as `issue_card`, NotAssigned where nobody holds it.
    """
    return_card(card_id=card_id, actor=actor, now=now, note=note)
    return issue_card(card_id=card_id, agent_id=agent_id, actor=actor, now=now, gates=gates, note=note)


def blocking_sentences(card: Card, *, now: datetime) -> list[Text]:
    """Return the sentences of block rules that forbid handing out a card now; they read the card alone."""
    choices = rule_book(business_day(now)).choices(card)
    asked = (choice.terms for kind, choice in choices.items() if "issue" in KINDS[kind].blocks and kind not in GATED)
    found = find(own_facts(card, now=now), asked)
    return [render(hit.code, hit.params) for hit in blocked(found, "issue")]


def _refuse_switch(card: Card, agent_id: int, actor: User | None) -> None:
    """Refuse a further card for the purpose for which the agent's was stopped as a penalty (domain.md section 7: 9).

    Whoever may release a card after such a stop may decide otherwise.
    """
    if actor and actor.has_perm("cards.release_card"):
        return
    held_then = Assignment.objects.standing().filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("service_since")),
        card=OuterRef("pk"),
        agent=agent_id,
        started_at__lte=OuterRef("service_since"),
    )
    stopped = Card.objects.filter(Exists(held_then), service_state__in=PENALTY, purpose=card.purpose)
    penalised = stopped.exclude(pk=card.pk).first()
    if penalised:
        raise HandoutRefused(
            reasons=[
                Reason(
                    code="release_missing",
                    message=format_lazy(
                        _("{card} was stopped by its carrier while this agent held it; no spare replaces it."),
                        card=str(penalised),
                    ),
                    clears=_("Settle the stop with the carrier and have compliance release the card first."),
                )
            ]
        )

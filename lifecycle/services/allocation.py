"""Handing out a card from where everything that may forbid it is seen (R11, R47, R55; invariant 3)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.errors import HandoutRefused
from agents.models import Assignment
from agents.rules.gates import Gate
from agents.services.assignments import Issued, issue, return_card
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason, Text
from cards.choices import ServiceState
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
) -> Issued:
    """Hand a card to an agent unless a gate or a block rule forbids it; the refusal names every unmet condition.

    HandoutRefused as `agents.services.assignments.issue`; NotVisible when there is no such card.
    """
    card = Card.objects.select_related(*RELATED).filter(pk=card_id).first()
    if card is None:
        raise NotVisible
    _refuse_switch(card, agent_id, actor)
    return issue(
        card_id=card_id,
        agent_id=agent_id,
        actor=actor,
        now=now,
        gates=gates,
        due_back_on=due_back_on,
        note=note,
        blocked_by=blocking_sentences(card, now=now),
    )


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

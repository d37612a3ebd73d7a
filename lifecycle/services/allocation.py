"""Handing out a card from where everything that may forbid it is seen (R11; invariant 3)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from agents.rules.gates import Gate
from agents.services.assignments import Issued, issue
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Text
from cards.models import Card
from lifecycle.rules.kinds import blocked, find
from lifecycle.rules.texts import render
from lifecycle.selectors.facts import facts_of, gather
from lifecycle.selectors.rules import rule_book

RELATED = ("carrier", "contract", "registrant", "holder")


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


def blocking_sentences(card: Card, *, now: datetime) -> list[Text]:
    """Return the sentences of block rules that forbid handing out a card now."""
    facts = facts_of(card, gather(now=now, card_ids=[card.pk]), now=now)
    choices = rule_book(business_day(now)).choices(card)
    found = find(facts, (choice.terms for choice in choices.values()))
    gated = ("real_name", "user_match")
    return [render(hit.code, hit.params) for hit in blocked(found, "issue") if hit.kind not in gated]

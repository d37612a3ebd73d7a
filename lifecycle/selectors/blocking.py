"""What forbids handing out a card: block rules, and everything else that a gate asks, looked at beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from agents.errors import NotAssigned
from agents.models import Agent
from agents.rules.gates import Gate, Verdict, judge
from agents.selectors.handout import handout_facts
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason, Text
from cards.choices import CustodyState, RuleAction
from cards.models import Card
from lifecycle.rules.findings import Finding
from lifecycle.rules.kinds import KINDS, blocked, find
from lifecycle.rules.texts import render
from lifecycle.selectors.approvals import approved_rules, approved_rules_of
from lifecycle.selectors.cases import holding
from lifecycle.selectors.facts import own_facts
from lifecycle.selectors.rules import RuleBook, rule_book

# Gates of their own judge these against the agent who is to get the card, and may be lowered for a while.
GATED = frozenset({"real_name", "user_match"})


def blocking_sentences(card: Card, *, now: datetime) -> list[Text]:
    """Return the sentences of block rules that forbid handing out a card now; they read the card alone.

    `carrier`, `contract` and `registrant` are joined, or asked for one by one.
    """
    hits = _hits(card, _book(now), now)
    if any(hit.action == RuleAction.NEED_APPROVAL for hit in hits):
        approved = approved_rules(card.pk, business_day(now))
        hits = [hit for hit in hits if hit.rule_id not in approved]
    return [*(render(hit.code, hit.params) for hit in hits), *_held_back(holding([card.pk]).get(card.pk))]


def _held_back(case: int | None) -> list[Text]:
    """Return that compliance has not released the card from a case, where it is so (R46, R55)."""
    return [_("Case #{case} holds this card back until compliance releases it.").format(case=case)] if case else []


def blocking_sentences_of(cards: Sequence[Card], *, now: datetime) -> dict[int, list[Text]]:
    """Return the same of many cards by card id, in three statements; what they belong to is joined."""
    ids = [card.pk for card in cards]
    book, approved, held = _book(now), approved_rules_of(ids, business_day(now)), holding(ids)
    hits = {card.pk: _hits(card, book, now) for card in cards}
    return {
        pk: [
            *(render(hit.code, hit.params) for hit in found if hit.rule_id not in approved[pk]),
            *_held_back(held.get(pk)),
        ]
        for pk, found in hits.items()
    }


def _book(now: datetime) -> RuleBook:
    kinds = [code for code, kind in KINDS.items() if "issue" in kind.blocks and code not in GATED]
    return rule_book(business_day(now), kinds=kinds)


def _hits(card: Card, book: RuleBook, now: datetime) -> list[Finding]:
    found = find(own_facts(card, now=now), (choice.terms for choice in book.choices(card).values()))
    return blocked(found, "issue")


def verdict_beforehand(
    card: Card,
    agent: Agent,
    *,
    actor: User,
    now: datetime,
    gates: Mapping[str, Gate],
    until: date | None = None,
    passing_on: bool = False,
) -> Verdict:
    """Return what the gates would say to a hand-out now, nothing locked and nothing written.

    `passing_on` judges a card in an agent's hands as if it were just taken back. `carrier`, `contract` and
    `registrant` of the card, `user.team` of the agent are joined.
    """
    facts = handout_facts(
        card=card,
        agent=agent,
        actor=actor,
        today=business_day(now),
        until=until,
        blocked_by=blocking_sentences(card, now=now),
    )
    if not passing_on:
        return judge(facts, gates)
    if not facts.holder:
        return Verdict(unmet=[Reason(code=NotAssigned.code, message=NotAssigned.sentence)], warned=[], met=[])
    return judge(replace(facts, holder="", custody_state=CustodyState.IN_STOCK), gates)

"""Every rule that holds for a card: its limit, where that comes from, what it says now.

Most specific wins (design, section 6), so each rule also names those it goes before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cardfleet.kernel.clock import business_day
from cards.choices import RuleAction
from cards.models import Card
from cards.rules.scope import Choice, RuleTerms
from lifecycle.models import Approval
from lifecycle.rules.findings import Finding
from lifecycle.rules.kinds import KINDS, find
from lifecycle.rules.registry import RuleKind
from lifecycle.selectors.approvals import latest_decisions
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of
from lifecycle.selectors.rules import RuleBook, rule_book


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """A rule that holds for a card. `beaten` are less specific ones of its kind; `found` what it says now, if anything.

    `decision` is the latest about an approval this version asks for.
    """

    kind: RuleKind
    choice: Choice
    beaten: Sequence[RuleTerms]
    found: Finding | None
    decision: Approval | None

    @property
    def terms(self) -> RuleTerms:
        """The version that holds."""
        return self.choice.terms

    @property
    def wants_decision(self) -> bool:
        """Whether it is hit and lets the card through only with an approval."""
        return self.terms.action == RuleAction.NEED_APPROVAL and self.found is not None and self.found.is_reached


@dataclass(frozen=True, kw_only=True)
class CardRules:
    """The rules of a card, those that say something first; `unreadable` are kinds whose rule cannot be read."""

    hit: Sequence[RuleLine]
    quiet: Sequence[RuleLine]
    unreadable: Sequence[RuleTerms]
    now: datetime


def card_rules(card: Card, *, now: datetime) -> CardRules:
    """Return the rules that hold for a card now, in a fixed number of queries; `contract` must be joined."""
    known, ground = inputs_of([card.pk], now=now)[card.pk], ground_at(now)
    facts, book = facts_of(known, ground), rule_book(business_day(now))
    choices = book.choices(card)
    found = {finding.kind: finding for finding in find(facts, (choice.terms for choice in choices.values()))}
    decided = latest_decisions(card.pk)
    lines = [_line(kind, choices, book, card, found, decided) for kind in KINDS if kind in choices]
    where = book.scope(card.pk, card.plan_id, card.carrier_id, card.region, card.industry)
    return CardRules(
        hit=sorted((line for line in lines if line.found), key=lambda line: not (line.found and line.found.is_reached)),
        quiet=[line for line in lines if not line.found],
        unreadable=[rule for rule in book.unreadable if rule.scope.covers(where)],
        now=now,
    )


def _line(
    kind: str,
    choices: Mapping[str, Choice],
    book: RuleBook,
    card: Card,
    found: Mapping[str, Finding],
    decided: Mapping[int, Approval],
) -> RuleLine:
    choice = choices[kind]
    where = book.scope(card.pk, card.plan_id, card.carrier_id, card.region, card.industry)
    others = (rule for rule in book.rules if rule.kind == kind and rule.rule_id != choice.terms.rule_id)
    return RuleLine(
        kind=KINDS[kind],
        choice=choice,
        beaten=sorted((rule for rule in others if rule.scope.covers(where)), key=lambda rule: -rule.scope.weight()),
        found=found.get(kind),
        decision=decided.get(choice.terms.rule_id or 0),
    )

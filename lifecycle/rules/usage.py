"""Rules about what a card was given for: direction, hours, industry, permissions (R12, R49, R112)."""

from collections.abc import Sequence
from datetime import time

from django.utils.translation import gettext_lazy as _

from cards.choices import Direction
from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding, Said, ceiling, flag
from lifecycle.rules.registry import LEADS_TO, rule_kind


@rule_kind(
    "direction_use",
    label=_("Calls against the card's direction of use"),
    unit="calls",
    window="day",
    facts=("direction", "calls_today", "incoming_today"),
    weight=LEADS_TO,
    blocks=("call",),
)
def direction_use(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R49: outgoing calls of a card for incoming ones, or the other way round."""
    against = {Direction.INBOUND: facts.calls_today, Direction.OUTBOUND: facts.incoming_today}
    calls = against.get(Direction(facts.direction)) if facts.direction else None
    return ceiling(rule, calls, Said(advice="use_as_given")) if calls else None


@rule_kind(
    "card_hours",
    label=_("Calls outside the hours the card was given for"),
    unit="calls",
    window="day",
    facts=("hours_from", "hours_to", "hours_today"),
    weight=LEADS_TO,
    blocks=("call",),
)
def card_hours(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R12, R112: outgoing calls in whole hours outside the card's own."""
    if facts.hours_today is None or (facts.hours_from is None and facts.hours_to is None):
        return None
    begins, ends = facts.hours_from or time.min, facts.hours_to
    calls = outside(facts.hours_today, begins, ends)
    hours = f"{begins:%H:%M}-{f'{ends:%H:%M}' if ends else '24:00'}"
    return ceiling(rule, calls, Said(advice="use_as_given", params={"hours": hours})) if calls else None


def outside(hours: Sequence[int], begins: time, ends: time | None) -> int:
    """Return the calls in hours of which no minute lies between two clock times; a span may cross midnight."""
    first, last = begins.hour, 23 if ends is None else (ends.hour - (ends.minute == 0)) % 24
    if first <= last:
        return sum(calls for hour, calls in enumerate(hours) if not first <= hour <= last)
    return sum(calls for hour, calls in enumerate(hours) if last < hour < first)


@rule_kind(
    "long_distance",
    label=_("Calls abroad that the card is not allowed"),
    unit="calls",
    window="day",
    facts=("may_long_distance", "calls_abroad"),
    weight=LEADS_TO,
    blocks=("call",),
)
def long_distance(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R12: calls to other countries by a card without long distance."""
    if facts.may_long_distance is not False or not facts.calls_abroad:
        return None
    return ceiling(rule, facts.calls_abroad, Said(advice="use_as_given"))


@rule_kind(
    "industry_match",
    label=_("Used for the industry confirmed"),
    unit="",
    facts=("industry", "industry_matches"),
    blocks=("issue", "call"),
)
def industry_match(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R49: a contract confirms the industries its cards may call for."""
    broken = None if facts.industry_matches is None else not facts.industry_matches
    return flag(rule, broken, Said(advice="confirm_purpose", params={"industry": facts.industry or ""}))

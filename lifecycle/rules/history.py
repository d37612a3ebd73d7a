"""Rules about what happened before today: how a card usually calls, how often it was stopped (R34, R37, R42)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding, Said, ceiling
from lifecycle.rules.registry import HINT, LEADS_TO, rule_kind

TENTH = Decimal("0.1")


@rule_kind(
    "usual_calls",
    label=_("Outgoing calls on a usual day"),
    unit="calls",
    window="7d",
    facts=("usual_calls",),
    weight=LEADS_TO,
)
def usual_calls(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37: the mean of the last seven days on which the card called; it will probably call as much again."""
    if facts.usual_calls is None:
        return None
    return ceiling(rule, facts.usual_calls.quantize(TENTH), Said(advice="spread_calls"))


@rule_kind(
    "usual_hour",
    label=_("Outgoing calls within 60 minutes on a usual day"),
    unit="calls",
    window="7d",
    facts=("usual_hour",),
    weight=LEADS_TO,
)
def usual_hour(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37: the mean, over those days, of the most calls within 60 minutes."""
    if facts.usual_hour is None:
        return None
    return ceiling(rule, facts.usual_hour.quantize(TENTH), Said(advice="slow_down"))


@rule_kind("stop_history", label=_("Stops of late"), unit="stops", window="90d", facts=("stops_90d",), weight=HINT)
def stop_history(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R35, R37: a card that its carrier stopped for its use is watched more closely than others."""
    return ceiling(rule, facts.stops_90d, Said(advice="slow_down"))

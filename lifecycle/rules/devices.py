"""Rules about phones, places and lock codes (R24, R33, R37, R88)."""

from django.utils.translation import gettext_lazy as _

from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding, Said, ceiling
from lifecycle.rules.registry import BOOKKEEPING, LEADS_TO, rule_kind


@rule_kind(
    "imei_change",
    label=_("Changes of phone"),
    unit="changes",
    window="7d",
    facts=("imei_changes_7d",),
    blocks=("bind",),
)
def imei_change(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R33, R88: how often the card was put into another phone, within 7 days, or 30 where the rule's window says so."""
    changes = facts.imei_changes_30d if rule.window == "30d" else facts.imei_changes_7d
    return ceiling(rule, changes, Said(advice="keep_device"))


@rule_kind(
    "sim_swap",
    label=_("Cards in one phone"),
    unit="cards",
    window="day",
    facts=("sims_in_device_today",),
    blocks=("bind",),
)
def sim_swap(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R37: 频繁换卡, how many cards one phone held today."""
    return ceiling(rule, facts.sims_in_device_today, Said(advice="keep_device"))


@rule_kind(
    "region",
    label=_("Days outside the home region"),
    unit="days",
    facts=("days_outside_region",),
    weight=LEADS_TO,
    blocks=("issue", "call"),
)
def region(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R49: days of the last seven in another province; a card that may roam has no region of use."""
    if facts.may_roam:
        return None
    return ceiling(rule, facts.days_outside_region, Said(advice="use_at_home"))


@rule_kind("pin_tries", label=_("Wrong PIN entries"), unit="tries", facts=("wrong_pins",), weight=BOOKKEEPING)
def pin_tries(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R24: after three wrong PINs the card asks for its PUK."""
    return ceiling(rule, facts.wrong_pins, Said(advice="use_vault"))


@rule_kind("puk_tries", label=_("Wrong PUK entries"), unit="tries", facts=("wrong_puks",), weight=BOOKKEEPING)
def puk_tries(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R24: after ten wrong PUKs the card is dead."""
    return ceiling(rule, facts.wrong_puks, Said(advice="use_vault"))

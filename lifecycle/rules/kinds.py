"""All rule kinds together: which there are, and what they say of a card."""

from collections.abc import Iterable, Mapping

from cards.rules.scope import RuleTerms
from lifecycle.rules import calls, conduct, devices, identity, money, validity
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding
from lifecycle.rules.registry import RuleKind, registered

FAMILIES = (calls, money, validity, identity, conduct, devices)
KINDS: Mapping[str, RuleKind] = registered()


def find(facts: CardFacts, rules: Iterable[RuleTerms]) -> list[Finding]:
    """Return what the rules that hold for a card say of it; a rule whose facts are unknown says nothing."""
    found = (KINDS[rule.kind].check(facts, rule) for rule in rules)
    return [finding for finding in found if finding is not None]


def blocked(findings: Iterable[Finding], act: str) -> list[Finding]:
    """Return the findings that forbid an act: "issue", "call", "callee", "buy" or "cancel"."""
    return [
        finding
        for finding in findings
        if finding.is_reached and finding.action == "block" and act in KINDS[finding.kind].blocks
    ]

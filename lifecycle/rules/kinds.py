"""All rule kinds together: which there are, and what they say of a card."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cards.choices import RuleAction
from cards.rules.scope import RuleTerms
from lifecycle.rules import calls, conduct, devices, groups, history, identity, money, usage, validity
from lifecycle.rules.evidence import evidence_of
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding
from lifecycle.rules.registry import RuleKind, registered

FAMILIES = (calls, groups, money, validity, identity, conduct, usage, devices, history)
KINDS: Mapping[str, RuleKind] = registered()


FORBIDDING = frozenset({RuleAction.BLOCK, RuleAction.NEED_APPROVAL})


def find(facts: CardFacts, rules: Iterable[RuleTerms]) -> list[Finding]:
    """Return what the rules that hold for a card say of it; a rule whose facts are unknown says nothing.

    What somebody approved for this card is only recorded.
    """
    found = (KINDS[rule.kind].check(facts, rule) for rule in rules)
    return [_known(facts, finding) for finding in found if finding is not None]


def _known(facts: CardFacts, finding: Finding) -> Finding:
    """Return a finding with the facts it rests on, and with what an approval makes of it."""
    approved = finding.action == RuleAction.NEED_APPROVAL and finding.rule_id in facts.approved
    return replace(
        finding,
        action=RuleAction.RECORD if approved else finding.action,
        is_decided=approved or finding.rule_id in facts.refused,
        evidence=evidence_of(facts, KINDS[finding.kind].facts),
    )


def blocked(findings: Iterable[Finding], act: str) -> list[Finding]:
    """Return the findings that forbid an act: "issue", "call", "callee", "buy", "cancel" or "bind".

    One that needs an approval forbids it until somebody approves.
    """
    return [
        finding
        for finding in findings
        if finding.is_reached and finding.action in FORBIDDING and act in KINDS[finding.kind].blocks
    ]

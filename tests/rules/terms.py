"""The seeded defaults as the terms a rule is given."""

from cards.rules.scope import RuleTerms, Scope
from lifecycle.rules.defaults import DEFAULTS, DefaultRule


def terms_of(default: DefaultRule, **changes: object) -> RuleTerms:
    """Return a default as the stored rule would be read back."""
    fields = {
        "kind": default.kind,
        "severity": default.severity,
        "action": default.action,
        "scope": Scope(industry=default.industry),
        "warn": default.warn,
        "limit": default.limit,
        "unit": default.unit,
        "window": default.window,
        "params": default.params,
        "confidence": default.confidence,
        "is_illustrative": default.is_illustrative,
    }
    return RuleTerms(**(fields | changes))


BY_KIND = {default.kind: terms_of(default) for default in reversed(DEFAULTS)}

"""The rule kinds: a name in a CarrierRule row, the pure function behind it, and what people need to know of it.

To add a kind: write `(facts, rule) -> Finding | None` in the module of its family under `@rule_kind(...)`, give it
a sentence in `texts.py`, an advice, a default in `defaults.py` and a row in the table test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cardfleet.kernel.errors import Text
from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding

Check = Callable[[CardFacts, RuleTerms], Finding | None]

CAUSE = Decimal(1)
"""Weight of a kind that carriers name as a cause of a stop."""
LEADS_TO = Decimal("0.5")
"""Weight of a kind that leads to complaints, marks or a check, and by them to a stop."""
HINT = Decimal("0.1")
"""Weight of a kind that tells little of the days to come."""
BOOKKEEPING = Decimal(0)
"""Weight of a kind that matters, but for which no carrier stops a card."""


@dataclass(frozen=True, kw_only=True)
class RuleKind:
    """One kind of rule. `facts` are the fields of CardFacts it reads; `blocks` what a reached block forbids:
    "issue" the card, "call" with it, call one "callee", "buy" another, "cancel" it, "bind" it to another phone; a
    kind that forbids nothing can only record or warn. `per` says whose value it is: one "card"'s, or that of all
    cards of an "agent", "team", "campaign" or legal "entity" together.
    """

    code: str
    label: Text
    unit: str
    window: str
    facts: tuple[str, ...]
    weight: Decimal
    blocks: frozenset[str]
    check: Check
    per: str = "card"


_KINDS: dict[str, RuleKind] = {}


def rule_kind(
    code: str,
    *,
    label: Text,
    unit: str,
    facts: tuple[str, ...],
    window: str = "",
    weight: Decimal = CAUSE,
    blocks: tuple[str, ...] = (),
    per: str = "card",
) -> Callable[[Check], Check]:
    """Register a function under the name that rows of CarrierRule carry."""

    def register(check: Check) -> Check:
        if code in _KINDS:
            raise ValueError(f"rule kind {code} is registered twice")
        _KINDS[code] = RuleKind(
            code=code,
            label=label,
            unit=unit,
            window=window,
            facts=facts,
            weight=weight,
            blocks=frozenset(blocks),
            check=check,
            per=per,
        )
        return check

    return register


def registered() -> Mapping[str, RuleKind]:
    """Return every kind by its code. `lifecycle.rules.kinds` sees to it that all families are loaded."""
    return _KINDS

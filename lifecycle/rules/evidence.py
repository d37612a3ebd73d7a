"""The facts a finding rests on, as it keeps them (invariant 9): what was known, and as of when."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from lifecycle.rules.facts import CardFacts


def evidence_of(facts: CardFacts, names: Iterable[str]) -> dict[str, Any]:
    """Return the known facts of these names as JSON holds them, with the moment they were known at."""
    known = {name: value for name in names if (value := getattr(facts, name)) is not None}
    return {**{name: _plain(value) for name, value in known.items()}, "as_of": facts.now.isoformat()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | date | time):
        return value.isoformat() if not isinstance(value, Decimal) else str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    return list(value) if isinstance(value, tuple) else value

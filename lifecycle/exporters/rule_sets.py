"""Rules as YAML, as `lifecycle.importers.rule_sets` reads them: what is empty is left out."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import yaml

from cards.models import CarrierRule

HEAD = "# CardFleet: {count} rules in force on {day}\n"


def rule_set(rules: Iterable[CarrierRule], *, day: str) -> str:
    """Return a rule set; `carrier`, `plan__carrier` and `card` of the rules are joined by the caller.

    A plan is named with its carrier, a card by its ICCID.
    """
    rows = [_row(rule) for rule in rules]
    body = yaml.safe_dump({"rules": rows}, allow_unicode=True, sort_keys=False, width=120)
    return HEAD.format(count=len(rows), day=day) + body


def _row(rule: CarrierRule) -> dict[str, Any]:
    row = {
        "kind": rule.kind,
        "carrier": rule.carrier.name if rule.carrier else None,
        "plan": f"{rule.plan.carrier.name}/{rule.plan.name}" if rule.plan else None,
        "region": rule.region,
        "industry": rule.industry,
        "card": rule.card.iccid if rule.card else None,
        "warn": _number(rule.warn),
        "limit": _number(rule.limit),
        "unit": rule.unit,
        "window": rule.window,
        "params": rule.params,
        "severity": rule.severity,
        "action": rule.action,
        "consequence": rule.consequence,
        "source": rule.source,
        "confidence": rule.confidence,
    }
    return {name: value for name, value in row.items() if value not in (None, "", {})} | {
        "illustrative": rule.is_illustrative
    }


def _number(mark: Decimal | None) -> int | float | None:
    if mark is None:
        return None
    return int(mark) if mark == mark.to_integral_value() else float(mark)

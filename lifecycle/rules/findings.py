"""What a rule says about a card, and the three ways of measuring: a ceiling, a floor, a flag."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from cards.choices import RuleAction, Severity
from cards.rules.scope import RuleTerms

Number = int | Decimal
Param = str | int

LOWER = {
    Severity.CRITICAL: Severity.HIGH,
    Severity.HIGH: Severity.WARN,
    Severity.WARN: Severity.INFO,
    Severity.INFO: Severity.INFO,
}
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule warned or hit. `code` and `params` make the sentence, in the reader's language, when it is shown.

    `progress` is 0 at the warning and 1 at the limit; `share` is the value as a part of the limit; `stops_at` is where
    the carrier was seen to stop cards, if it was. `limit_at` is when the limit, or what follows from it, comes at the
    present pace. Before the limit is reached `severity` and `action` are milder than the rule's; `rule_severity` is
    the rule's own. What is not `is_fresh` any more would mostly have had its consequences by now; `days_left` are
    those of what ends on a date. `evidence` holds the facts it rests
    on; `is_decided`: somebody approved it for this card, so that it is only recorded, or refused it.
    """

    kind: str
    value: Decimal
    warn: Decimal | None
    limit: Decimal | None
    unit: str
    window: str
    severity: str
    rule_severity: str
    action: str
    is_reached: bool
    progress: Decimal
    share: Decimal | None
    code: str
    advice: str
    params: Mapping[str, Param] = field(default_factory=dict)
    stops_at: Decimal | None = None
    is_fresh: bool = True
    days_left: int | None = None
    limit_at: datetime | None = None
    rule_id: int | None = None
    is_illustrative: bool = True
    evidence: Mapping[str, Any] = field(default_factory=dict)
    is_decided: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a rule adds to its measure: advice, further words, when the limit comes, another sentence's code."""

    advice: str
    params: Mapping[str, Param] = field(default_factory=dict)
    limit_at: datetime | None = None
    code: str = ""
    is_fresh: bool = True
    days_left: int | None = None


def ceiling(rule: RuleTerms, value: Number | None, said: Said) -> Finding | None:
    """Return a finding where a value has come up to the warning or the limit; None where it is unknown or below."""
    if value is None:
        return None
    return _measured(rule, Decimal(value), said, falling=False)


def floor(rule: RuleTerms, value: Number | None, said: Said) -> Finding | None:
    """Return a finding where a value has come down to the warning or the limit; None where unknown or above."""
    if value is None:
        return None
    return _measured(rule, Decimal(value), said, falling=True)


def flag(rule: RuleTerms, broken: bool | None, said: Said) -> Finding | None:  # noqa: FBT001
    """Return a finding where something that must never be is; None where it is not, or unknown."""
    if not broken:
        return None
    return finding(rule, Decimal(1), said, reached=True)


def _measured(rule: RuleTerms, value: Decimal, said: Said, *, falling: bool) -> Finding | None:
    reached = _met(value, rule.limit, falling=falling)
    if not reached and not _met(value, rule.warn, falling=falling) and (falling or not _is_watched(rule, value)):
        return None
    return finding(rule, value, said, reached=reached)


def _is_watched(rule: RuleTerms, value: Decimal) -> bool:
    return rule.watched_from is not None and value >= rule.watched_from


def _met(value: Decimal, mark: Decimal | None, *, falling: bool) -> bool:
    return mark is not None and (value <= mark if falling else value >= mark)


def finding(rule: RuleTerms, value: Decimal, said: Said, *, reached: bool) -> Finding:
    """Return the finding that a rule is hit (`reached`) or warned by a value."""
    return Finding(
        kind=rule.kind,
        value=value,
        warn=rule.warn,
        limit=rule.limit,
        unit=rule.unit,
        window=rule.window,
        severity=rule.severity if reached else LOWER[Severity(rule.severity)],
        rule_severity=rule.severity,
        action=rule.action if reached or rule.action == RuleAction.RECORD else RuleAction.WARN,
        is_reached=reached,
        progress=Decimal(1) if reached else _progress(rule, value),
        share=(value / rule.limit).quantize(Decimal("0.001")) if rule.limit else None,
        stops_at=rule.stops_at,
        is_fresh=said.is_fresh,
        days_left=said.days_left,
        code=said.code or rule.kind,
        advice=said.advice,
        params={"value": plain(value), "limit": plain(rule.limit), "warn": plain(rule.warn), **said.params},
        limit_at=said.limit_at,
        rule_id=rule.rule_id,
        is_illustrative=rule.is_illustrative,
    )


def _progress(rule: RuleTerms, value: Decimal) -> Decimal:
    """Return how far a value is from the warning to the limit; it holds for ceilings and floors alike."""
    if rule.warn is None or rule.limit is None or rule.warn == rule.limit:
        return Decimal(0)
    way = (value - rule.warn) / (rule.limit - rule.warn)
    return min(max(way, Decimal(0)), Decimal(1)).quantize(Decimal("0.001"))


def plain(number: Decimal | None) -> str:
    """Return a number as people write it, without needless zeros; a dash where there is none."""
    if number is None:
        return "–"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def per_cent(part: Number | None, whole: Number | None, *, least: Number = 1) -> Decimal | None:
    """Return a part in per cent to one decimal; None where either is unknown or the whole is less than `least`."""
    if part is None or whole is None or whole <= 0 or whole < least:
        return None
    return (Decimal(part) * HUNDRED / Decimal(whole)).quantize(Decimal("0.1"))

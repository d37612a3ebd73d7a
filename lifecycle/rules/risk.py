"""The risk that a carrier stops a card: 0-100, as explainable arithmetic (R42; design section 6).

Each finding weighs by how bad its rule is and how near the limit is: at the warning the first number, at the limit
the second, in proportion between them, times the weight of its kind.

| severity | at the warning | at the limit |
|---|---|---|
| critical | 55 | 85 |
| high | 40 | 70 |
| warn | 10 | 25 |
| info | 0 | 5 |

The heaviest counts whole. Each further one takes its part of what is left to 100, so that the points always add up
to the score and no heap of small things makes a certainty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cards.choices import RuleAction, Severity
from lifecycle.choices import RiskBand
from lifecycle.rules.findings import Finding, plain
from lifecycle.rules.kinds import KINDS

POINTS: Mapping[str, tuple[int, int]] = {
    Severity.CRITICAL: (55, 85),
    Severity.HIGH: (40, 70),
    Severity.WARN: (10, 25),
    Severity.INFO: (0, 5),
}
HIGH_FROM = 70
MEDIUM_FROM = 40
ADVICES = 3


@dataclass(frozen=True)
class Driver:
    """One finding and the points it adds to the score."""

    finding: Finding
    points: int

    def as_json(self) -> dict[str, Any]:
        """Return what a RiskAssessment keeps of a driver."""
        found = self.finding
        return {
            "kind": found.kind,
            "code": found.code,
            "params": dict(found.params),
            "points": self.points,
            "value": plain(found.value),
            "warn": None if found.warn is None else plain(found.warn),
            "limit": None if found.limit is None else plain(found.limit),
            "unit": found.unit,
            "illustrative": found.is_illustrative,
            "rule": found.rule_id,
        }


@dataclass(frozen=True, kw_only=True)
class Risk:
    """A card's score, its drivers heaviest first, what to do today, and the first limit that comes."""

    score: int
    band: RiskBand
    drivers: tuple[Driver, ...]
    advice: tuple[str, ...]
    limit_at: datetime | None


def assess(findings: Iterable[Finding]) -> Risk:
    """Return the risk that follows from what the rules found."""
    weighed = sorted(((weigh(found), found) for found in findings), key=lambda pair: (-pair[0], pair[1].kind))
    drivers = []
    calm, score = Decimal(1), 0
    for weight, found in weighed:
        if not weight:
            continue
        calm *= 1 - weight / 100
        total = int((100 - 100 * calm).to_integral_value(rounding=ROUND_HALF_UP))
        drivers.append(Driver(found, total - score))
        score = total
    return Risk(
        score=score,
        band=band(score),
        drivers=tuple(drivers),
        advice=_advice(drivers),
        limit_at=min((driver.finding.limit_at for driver in drivers if driver.finding.limit_at), default=None),
    )


def weigh(found: Finding) -> Decimal:
    """Return what one finding would score alone, 0 to 85; one that is only to be recorded scores nothing."""
    if found.action == RuleAction.RECORD:
        return Decimal(0)
    warned, hit = POINTS[found.rule_severity]
    return (warned + (hit - warned) * found.progress) * KINDS[found.kind].weight


def band(score: int) -> RiskBand:
    """Return high from 70, medium from 40, else low."""
    if score >= HIGH_FROM:
        return RiskBand.HIGH
    return RiskBand.MEDIUM if score >= MEDIUM_FROM else RiskBand.LOW


def _advice(drivers: Iterable[Driver]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(driver.finding.advice for driver in drivers))[:ADVICES]

"""The risk that a carrier stops a card: 0-100, as explainable arithmetic (R42; design section 6).

Each finding has points. They follow, where it is known, from

- the days left of what ends on a date (`BY_DAYS_LEFT`: balance, validity);
- how near the value is to where the card's carrier was seen to stop cards (`BY_NEARNESS`, see
  `lifecycle.rules.experience`): they begin at half of it, because no limit is certain, and grow beyond it;
- else from how bad its rule is and how near its limit: at the warning the first number, at the limit the second, in
  proportion between them, times the weight of its kind.

| severity | at the warning | at the limit |
|---|---|---|
| critical | 55 | 85 |
| high | 40 | 70 |
| warn | 10 | 25 |
| info | 0 | 5 |

The heaviest counts whole. Each further one takes its part of what is left to 100, so that the points always add up
to the score and no heap of small things makes a certainty; what says the same in other words counts as an echo. The
numbers were set on simulated fleets and are tried on others by `manage.py backtest_risk`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
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

Shape = tuple[tuple[Decimal, Decimal], ...]
"""Places and the points there, in proportion between them, level before the first and after the last."""


def _shape(*corners: tuple[float, int]) -> Shape:
    return tuple((Decimal(str(place)), Decimal(points)) for place, points in corners)


BY_DAYS_LEFT = _shape((0, 92), (1, 85), (2, 76), (3, 70), (4, 45), (5, 35), (7, 12), (14, 6), (30, 4))
TODAY = _shape((0.5, 10), (0.8, 25), (0.9, 40), (1, 62), (1.08, 71), (1.6, 95))
USUALLY = _shape((0.45, 0), (0.6, 20), (0.8, 38), (1, 60), (1.3, 69))
BY_NEARNESS: Mapping[str, Shape] = {
    "daily_out_calls": TODAY,
    "hourly_out_calls": TODAY,
    "short_call_ratio": TODAY,
    "usual_calls": USUALLY,
    "usual_hour": USUALLY,
    "idle_days": _shape((0.75, 5), (0.85, 70), (1, 80), (1.3, 70)),
    "complaints": _shape((0.4, 55), (0.6, 70), (0.95, 75), (2, 85)),
}
ONE_MATTER: Mapping[str, str] = {
    **dict.fromkeys(("daily_out_calls", "usual_calls", "distinct_callees", "daily_minutes", "new_card_cap"), "volume"),
    **dict.fromkeys(("hourly_out_calls", "usual_hour", "burst"), "pace"),
}
ECHO = Decimal("0.3")
"""What a finding counts beside a heavier one of the same matter."""
STALE = Decimal("0.3")
"""What a finding counts that would mostly have had its consequences by now."""

SOON = timedelta(hours=24)
SOON_FROM = 62
"""The score from which a limit that comes within a day is an alarm."""
QUIET_DAYS, QUIET_BELOW = 10, 25
"""An alert stays until the score was below this on so many days: one matter, one alert."""


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
            "stops_at": None if found.stops_at is None else plain(found.stops_at),
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
    told: set[str] = set()
    for weight, found in weighed:
        if not weight:
            continue
        matter = ONE_MATTER.get(found.kind, found.kind)
        calm *= 1 - (weight * ECHO if matter in told else weight) / 100
        told.add(matter)
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


def is_alarming(risk: Risk, *, now: datetime) -> bool:
    """Whether somebody must be told: the risk is high, or nearly, and a limit comes within a day (R42)."""
    if risk.band == RiskBand.HIGH:
        return True
    return risk.score >= SOON_FROM and risk.limit_at is not None and risk.limit_at <= now + SOON


def weigh(found: Finding) -> Decimal:
    """Return what one finding would score alone, 0 to 95; one that is only to be recorded scores nothing."""
    if found.action == RuleAction.RECORD:
        return Decimal(0)
    return _points(found) * (1 if found.is_fresh else STALE)


def _points(found: Finding) -> Decimal:
    if found.days_left is not None:
        return _at(BY_DAYS_LEFT, Decimal(found.days_left))
    if found.stops_at and found.kind in BY_NEARNESS:
        return _at(BY_NEARNESS[found.kind], found.value / found.stops_at)
    warned, hit = POINTS[found.rule_severity]
    return (warned + (hit - warned) * found.progress) * KINDS[found.kind].weight


def _at(shape: Shape, place: Decimal) -> Decimal:
    """Return the points of a shape at a place."""
    if place <= shape[0][0]:
        return shape[0][1]
    for (start, low), (end, high) in pairwise(shape):
        if place <= end:
            return low + (high - low) * (place - start) / (end - start)
    return shape[-1][1]


def band(score: int) -> RiskBand:
    """Return high from 70, medium from 40, else low."""
    if score >= HIGH_FROM:
        return RiskBand.HIGH
    return RiskBand.MEDIUM if score >= MEDIUM_FROM else RiskBand.LOW


def _advice(drivers: Iterable[Driver]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(driver.finding.advice for driver in drivers))[:ADVICES]

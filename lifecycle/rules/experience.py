"""Where a carrier really stops cards, learnt from its past stops (R37, R42; design section 6: cause fed back).

No carrier publishes its limits, so a rule's limit is a belief; the true one may be half of it, or twice. What a
carrier did corrects the belief: cards that went on above a value speak for a higher limit, cards stopped at it for a
lower one. Days are counted by how high the value was (`step_of`), and of each possible limit it is asked how well it
tells the days followed by a stop from the others.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cards.choices import StopReason

STEPS_A_DOUBLING = 8
NOTHING = -1
"""The step of a value below 1."""
REACH = range(-9, 10)
"""Possible limits, in steps from the rule's: from below half to above twice."""
BELIEF = 4.5
"""Steps by which the true limit usually differs from the rule's."""
BELOW, ABOVE = (0.5, 200.0), (1.0, 2.0)
"""What is expected of days below and above a limit before any is seen: stops and calm days."""

USE = frozenset({StopReason.ABNORMAL_USE, StopReason.HARASSMENT, StopReason.VIOLATION, ""})
LEARNT: Mapping[str, frozenset[str]] = {
    "daily_out_calls": USE,
    "hourly_out_calls": USE,
    "short_call_ratio": USE,
    "complaints": frozenset({StopReason.COMPLAINT, StopReason.HARASSMENT, ""}),
    "idle_days": frozenset({StopReason.IDLE, ""}),
}
"""The kinds whose limits are learnt, each from stops for these reasons, or for one that nobody knows."""
SAME_LIMIT: Mapping[str, str] = {"usual_calls": "daily_out_calls", "usual_hour": "hourly_out_calls"}
"""Kinds held against what was learnt of another."""


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Days on which cards of a carrier showed a value of one step, and how many of them were followed by a stop."""

    step: int
    days: int
    stops: int


def step_of(value: Decimal | float) -> int:
    """Return the step of a value: eight to each doubling."""
    return math.floor(STEPS_A_DOUBLING * math.log2(value)) if value >= 1 else NOTHING


def blame(values: Mapping[str, Decimal], limits: Mapping[str, Decimal], reason: str) -> str | None:
    """Return the kind to which a stop speaks: of those that its reason allows, the one nearest to its limit."""
    shares = {
        kind: value / limits[kind]
        for kind, value in values.items()
        if kind in limits and reason in LEARNT[kind] and value > 0
    }
    return max(shares, key=lambda kind: shares[kind], default=None)


def stops_at(exposures: Iterable[Exposure], *, limit: Decimal) -> Decimal | None:
    """Return where a carrier seems to stop cards, in the rule's unit; None while it never stopped one."""
    days: defaultdict[int, int] = defaultdict(int)
    stops: defaultdict[int, int] = defaultdict(int)
    for seen in exposures:
        days[seen.step] += seen.days
        stops[seen.step] += seen.stops
    if not any(stops.values()) or limit <= 0:
        return None
    weights = {reach: _weight(reach, days, stops, limit) for reach in REACH}
    heaviest = max(weights.values())
    shares = {reach: math.exp(weight - heaviest) for reach, weight in weights.items()}
    mean = sum(reach * share for reach, share in shares.items()) / sum(shares.values())
    return (limit * Decimal(2 ** (mean / STEPS_A_DOUBLING))).quantize(Decimal("0.1"))


def _weight(reach: int, days: Mapping[int, int], stops: Mapping[int, int], limit: Decimal) -> float:
    """Return the logarithm of how well one possible limit explains what was seen, and how near it is to the rule's."""
    edge = step_of(float(limit) * 2 ** (reach / STEPS_A_DOUBLING))
    low_days, high_days = _split(days, edge)
    low_stops, high_stops = _split(stops, edge)
    belief = -((reach / BELIEF) ** 2) / 2
    return belief + _evidence(low_stops, low_days, *BELOW) + _evidence(high_stops, high_days, *ABOVE)


def _split(counts: Mapping[int, int], edge: int) -> tuple[int, int]:
    high = sum(count for step, count in counts.items() if step >= edge)
    return sum(counts.values()) - high, high


def _evidence(stops: int, days: int, like: float, unlike: float) -> float:
    """Return the logarithm of a beta-binomial likelihood."""
    return _log_beta(stops + like, max(days - stops, 0) + unlike) - _log_beta(like, unlike)


def _log_beta(first: float, second: float) -> float:
    return math.lgamma(first) + math.lgamma(second) - math.lgamma(first + second)

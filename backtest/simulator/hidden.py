"""The hidden rules of a carrier. All numbers are this package's own.

CENTRES are what people believe the limits to be; each carrier's true ones lie within half to twice of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

CENTRES: Mapping[str, float] = {
    "calls_a_day": 200,
    "calls_an_hour": 60,
    "short_share": 0.70,
    "complaints": 2,
    "idle_days": 80,
    "verify_hours": 24,
}
HALF, TWICE = -1.0, 1.0
LARGEST_SHARE = 0.95

CALLS_HIDDEN = 0.20
COMPLAINTS_HIDDEN = 0.30
UNEXPLAINED_PER_EXPLAINED = 0.22
"""Further stops with no cause in the data: 0.22 / 1.22 = 18 % of all, never under 15 %."""
REASON_TOLD = 0.75
"""How often the true reason of a stop is recorded; else none is."""


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """What one carrier stops cards for; nobody outside is told.

    `patience` is for how many days in a row the daily limit must be exceeded (1: it acts the same day). `strictness`
    is the chance that it acts when it may. `stops_below` is in CNY, `grace_days` follow an expiry.
    """

    number: int
    calls_a_day: float
    calls_an_hour: float
    short_share: float
    complaints: int
    idle_days: float
    verify_hours: float
    patience: int
    strictness: float
    stops_below: float
    grace_days: int


def draw_carrier(number: int, rng: Random) -> Carrier:
    """Draw a carrier's hidden rules."""
    limits = {name: centre * 2 ** rng.uniform(HALF, TWICE) for name, centre in CENTRES.items()}
    limits["short_share"] = min(limits["short_share"], LARGEST_SHARE)
    return Carrier(
        number=number,
        **{name: value for name, value in limits.items() if name != "complaints"},
        complaints=max(round(limits["complaints"]), 1),
        patience=rng.choice((1, 2, 3)),
        strictness=rng.uniform(0.5, 0.9),
        stops_below=rng.uniform(-5, 5),
        grace_days=rng.randrange(3),
    )

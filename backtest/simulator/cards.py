"""One simulated card and the habits of whoever calls with it."""

import math
from collections import deque
from dataclasses import dataclass, field
from random import Random

from backtest.simulator.hidden import Carrier

HOURS = (9, 10, 11, 14, 15, 16, 17, 18, 19)
"""Hours of the day in which people call."""
WEEK, REST_DAYS = 7, (5, 6)
CAMPAIGN_STAYS, CAMPAIGN_MOVES = 0.93, 0.11
DAY_SPREAD = 0.14
RESTRAINT, RESTRAINT_STAYS = -0.45, 0.985
RUSH_CHANCE, RUSH = 0.012, (1.5, 3.0)
ANSWERED = 0.4


@dataclass(frozen=True)
class Due:
    """A stop that is coming: when, for what, and whether the cause built up over days."""

    at: float
    cause: str
    is_gradual: bool


@dataclass(kw_only=True)
class Seen:
    """What the company knows of a card: what reached it, not what is true."""

    complaints: list[float] = field(default_factory=list)
    marks: int = 0
    read_balance: float = 0.0
    spent_since: float = 0.0
    spent: deque[float] = field(default_factory=lambda: deque(maxlen=30))
    verify_due: float | None = None
    last_call_on: int = 0

    def balance(self) -> float:
        """Return the last balance read, less the charges known since."""
        return self.read_balance - self.spent_since


@dataclass(kw_only=True)
class SimCard:
    """A card's true state. Days count from the first simulated one; moments are days with a fraction.

    `campaign` and `restraint` are logarithms by which the pace differs from the habit; `annoyance` are complaints a
    call; `diligence` the daily chance that somebody tops up, renews or verifies in time.
    """

    number: int
    carrier: Carrier
    pace: float
    annoyance: float
    short_habit: float
    diligence: float
    call_price: float
    monthly_fee: float
    expires_on: int
    balance: float
    is_spare: bool
    last_call_on: int
    campaign: float = 0.0
    restraint: float = 0.0
    bad_list_until: int = -1
    bad_list_share: float = 0.0
    days_over: int = 0
    days_short: int = 0
    complaints: list[float] = field(default_factory=list)
    verify_from: float | None = None
    verify_missed: bool = False
    stops: list[Due] = field(default_factory=list)
    away_until: float = -1.0
    seen: Seen = field(default_factory=Seen)

    def mean_calls(self) -> float:
        """Return the calls expected on a working day."""
        return 0.0 if self.is_spare else self.pace * math.exp(self.campaign + self.restraint)

    def complaints_since(self, day: float) -> int:
        """Return the true complaints from a moment on."""
        return sum(at >= day for at in self.complaints)


def draw_card(number: int, carrier: Carrier, rng: Random) -> SimCard:
    """Draw a card somewhere in its life."""
    is_spare = rng.random() < 0.08
    balance = rng.uniform(30, 250)
    idle = rng.randrange(10, 70) if is_spare else 0
    card = SimCard(
        number=number,
        carrier=carrier,
        pace=math.exp(rng.gauss(math.log(66), 0.33)),
        annoyance=0.00009 * math.exp(rng.gauss(0, 1.0)),
        short_habit=min(max(rng.gauss(0.25, 0.06), 0.08), 0.45),
        diligence=min(rng.betavariate(5, 2), 0.97),
        call_price=rng.uniform(0.03, 0.09),
        monthly_fee=rng.choice((9.0, 19.0, 39.0)),
        expires_on=rng.randrange(5, 365),
        balance=balance,
        is_spare=is_spare,
        last_call_on=-idle,
    )
    card.seen.read_balance, card.seen.last_call_on = balance, -idle
    return card


def move(card: SimCard, rng: Random, day: int) -> None:
    """Let a day's habits change: campaigns come and go, restraint wears off, bad lists turn up."""
    card.campaign = CAMPAIGN_STAYS * card.campaign + rng.gauss(0, CAMPAIGN_MOVES)
    card.restraint *= RESTRAINT_STAYS
    if day > card.bad_list_until and rng.random() < 0.006:
        card.bad_list_until = day + rng.randrange(3, 11)
        card.bad_list_share = rng.uniform(0.45, 0.85)


def short_share(card: SimCard, day: int) -> float:
    """Return which share of the answered calls of a day ends at once."""
    return card.bad_list_share if day <= card.bad_list_until else card.short_habit

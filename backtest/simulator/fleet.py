"""A simulated fleet, day after day: what the company sees of it, and which cards its carriers stop."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from backtest.simulator.cards import RESTRAINT, Due, SimCard, draw_card, move
from backtest.simulator.days import Calls, annoy, call, pay, wait
from backtest.simulator.hidden import REASON_TOLD, UNEXPLAINED_PER_EXPLAINED, draw_carrier
from backtest.simulator.oracle import chance_of_stop

REASONS = {
    "calls_a_day": "abnormal_use",
    "calls_an_hour": "abnormal_use",
    "calls_on_days": "abnormal_use",
    "short_calls": "abnormal_use",
    "complaints": "complaint",
    "balance": "arrears",
    "expiry": "expired",
    "idle": "idle",
    "verification": "reverification",
    "none": "fraud_model",
}
USE = frozenset({"calls_a_day", "calls_an_hour", "calls_on_days", "short_calls"})
CHASTENED = 0.6


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a simulated fleet is: days before `warm_up` are watched but not judged."""

    carriers: int = 8
    cards_each: int = 30
    warm_up: int = 120
    days: int = 60
    horizon: int = 7


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A card was stopped: when (a day with its fraction), for what in truth, what reason was recorded."""

    card: int
    carrier: int
    at: float
    cause: str
    is_gradual: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class CardDay:
    """What the company sees of a card on a day, hour by hour, and (`truth`) what only an oracle knows.

    `complaints` are the moments at which they became known, within 30 days; `balance` and `burn` are CNY.
    `truth` is the chance that the card is stopped within the horizon, seen from the evening.
    """

    card: int
    carrier: int
    day: int
    calls: tuple[Calls, ...]
    complaints: tuple[float, ...]
    marks: int
    balance: float
    burn: float
    last_call_on: int
    expires_on: int
    verify_due: float | None
    stop: Stop | None
    truth: float


@dataclass(kw_only=True)
class Hidden:
    """How much there was and how much of it reached the company; how many stops had no cause in the data."""

    calls: int = 0
    calls_seen: int = 0
    complaints: int = 0
    complaints_seen: int = 0
    stops: int = 0
    stops_unexplained: int = 0


class Fleet:
    """A fleet and its carriers; the same seed always plays the same."""

    def __init__(self, seed: int, size: Size) -> None:
        self.size = size
        self.hidden = Hidden()
        self.rng = Random(f"fleet {seed}")  # noqa: S311 - a simulation
        carriers = [draw_carrier(number, self.rng) for number in range(size.carriers)]
        self.cards = [
            draw_card(number, carriers[number % size.carriers], self.rng)
            for number in range(size.carriers * size.cards_each)
        ]
        self._owed = 0.0

    def play(self) -> Iterator[list[CardDay]]:
        """Yield the days; each holds the cards that were in service in its morning."""
        for day in range(self.size.warm_up + self.size.days):
            yield [self._live(card, day) for card in self.cards if card.away_until <= day]

    def _live(self, card: SimCard, day: int) -> CardDay:
        move(card, self.rng, day)
        wait(card, self.rng, day)
        made = call(card, self.rng, day)
        calls = sum(one.made for one in made)
        complained, known = annoy(card, self.rng, day, calls)
        pay(card, self.rng, day, made)
        if calls:
            card.last_call_on = day
        if any(one.seen for one in made):
            card.seen.last_call_on = day
        self.hidden.calls += calls
        self.hidden.calls_seen += sum(one.seen for one in made)
        self.hidden.complaints += complained
        self.hidden.complaints_seen += known
        return self._seen(card, day, made)

    def _seen(self, card: SimCard, day: int, made: list[Calls]) -> CardDay:
        seen = card.seen
        due = min((due for due in card.stops if due.at < day + 1), key=lambda due: due.at, default=None)
        stop = None if due is None else self._stop(card, due)
        shown = CardDay(
            card=card.number,
            carrier=card.carrier.number,
            day=day,
            calls=tuple(one for one in made if stop is None or day + one.hour / 24 < stop.at),
            complaints=tuple(seen.complaints),
            marks=seen.marks,
            balance=seen.balance(),
            burn=sum(seen.spent) / len(seen.spent),
            last_call_on=seen.last_call_on,
            expires_on=card.expires_on,
            verify_due=seen.verify_due,
            stop=stop,
            truth=0.0 if stop or day < self.size.warm_up else chance_of_stop(card, day, self.size.horizon),
        )
        if stop:
            self._put_right(card, stop)
        return shown

    def _stop(self, card: SimCard, due: Due) -> Stop:
        told = self.rng.random() < REASON_TOLD
        return Stop(
            card=card.number,
            carrier=card.carrier.number,
            at=due.at,
            cause=due.cause,
            is_gradual=due.is_gradual,
            reason=REASONS[due.cause] if told else "",
        )

    def _put_right(self, card: SimCard, stop: Stop) -> None:
        """Bring a card back after some days; people remember what it was stopped for, for a while."""
        self.hidden.stops += 1
        self.hidden.stops_unexplained += stop.cause == "none"
        self._owed += sum(due.cause == "none" for due in card.stops) - (stop.cause == "none")
        card.away_until = stop.at + self.rng.uniform(2, 8)
        card.stops, card.days_over, card.days_short = [], 0, 0
        if stop.cause in USE:
            card.restraint += RESTRAINT
            card.bad_list_until = -1
        elif stop.cause == "complaints":
            card.complaints = []
            card.annoyance *= CHASTENED
        elif stop.cause == "balance":
            card.balance += 150
            card.seen.read_balance, card.seen.spent_since = card.balance, 0.0
        elif stop.cause == "expiry":
            card.expires_on += 365
        elif stop.cause == "idle":
            card.last_call_on = card.seen.last_call_on = int(card.away_until)
        elif stop.cause == "verification":
            card.verify_from, card.verify_missed, card.seen.verify_due = None, False, None
        if stop.cause != "none":
            self._owed += UNEXPLAINED_PER_EXPLAINED
        self._strike(stop)

    def _strike(self, stop: Stop) -> None:
        """Let carriers stop cards for what nobody can see, in step with the stops that have a cause."""
        while self._owed >= 1:
            self._owed -= 1
            card = self.rng.choice(self.cards)
            card.stops.append(Due(max(stop.at, card.away_until) + 1 + self.rng.uniform(0, 5), "none", is_gradual=False))

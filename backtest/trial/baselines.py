"""What people do without a score: limits that hold for every carrier, or a look at who calls most.

Each is tried with several marks; the one that speaks as often as the score, or the next that speaks more, is compared.
"""

from collections import defaultdict, deque
from typing import Protocol

from backtest.simulator.fleet import CardDay

LIMITS = {"calls": 200, "hour": 60, "short": 0.7, "complaints": 2, "idle": 80, "runway": 2, "expiry": 5}
"""The limits people believe in; days of money and validity left."""
LEAST_ANSWERED = 30
SHARES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5)
TOPS = (0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.9, 0.85, 0.8)


class Measure(Protocol):
    """A number of a card at an hour, higher for a card more likely to be stopped."""

    def measure(self, seen: CardDay, hour: int) -> float:
        """Return the number."""
        ...

    def mark(self, share: float) -> float:
        """Return the number from which an alert is raised."""
        ...

    def learn(self, seen: list[CardDay]) -> None:
        """Take in a day that is over."""
        ...


class Thresholds:
    """The largest share of a limit that is used."""

    def __init__(self) -> None:
        self._seen: CardDay | None = None
        self._known: dict[int, float] = {}

    def measure(self, seen: CardDay, hour: int) -> float:
        """Return the largest share; all marks ask for the same card one after the other."""
        if self._seen is not seen:
            self._seen, self._known = seen, {}
        if hour not in self._known:
            self._known[hour] = self._largest(seen, hour)
        return self._known[hour]

    def _largest(self, seen: CardDay, hour: int) -> float:
        known = [calls for calls in seen.calls if calls.hour < hour]
        answered, at = sum(calls.answered for calls in known), seen.day + hour / 24
        short = sum(calls.short for calls in known) / answered if answered >= LEAST_ANSWERED else 0.0
        left = max(seen.balance, 0.0) / seen.burn if seen.burn else 99.0
        return max(
            sum(calls.seen for calls in known) / LIMITS["calls"],
            max((calls.seen for calls in known), default=0) / LIMITS["hour"],
            short / LIMITS["short"],
            sum(known_at <= at for known_at in seen.complaints) / LIMITS["complaints"],
            (seen.day - seen.last_call_on) / LIMITS["idle"],
            LIMITS["runway"] / max(left, 0.5),
            LIMITS["expiry"] / max(seen.expires_on - seen.day, 0.5),
            float(seen.verify_due is not None and seen.verify_due - 1 <= at),
        )

    def mark(self, share: float) -> float:
        """Return the share itself."""
        return share

    def learn(self, seen: list[CardDay]) -> None:
        """Learn nothing."""


class Volume:
    """The calls of the last seven days; the mark is what a part of the fleet stays below."""

    def __init__(self) -> None:
        self._days: defaultdict[int, deque[int]] = defaultdict(lambda: deque(maxlen=6))
        self._sums = [0.0]

    def measure(self, seen: CardDay, hour: int) -> float:
        """Return the calls of seven days."""
        return float(sum(self._days[seen.card]) + sum(calls.seen for calls in seen.calls if calls.hour < hour))

    def mark(self, share: float) -> float:
        """Return what a share of the fleet called less than, a full week long."""
        return self._sums[int((len(self._sums) - 1) * share)] * 7 / 6

    def learn(self, seen: list[CardDay]) -> None:
        """Take in the day's calls."""
        for card in seen:
            self._days[card.card].append(sum(calls.seen for calls in card.calls))
        self._sums = sorted(float(sum(days)) for days in self._days.values())


class Marked:
    """A measure with a mark: an alert where it is reached, kept while it was reached lately."""

    def __init__(self, measure: Measure, share: float, *, teaches: bool) -> None:
        self.measure, self.share, self.teaches = measure, share, teaches

    def look(self, seen: CardDay, hour: int) -> tuple[float, bool]:
        """Return the measure, and whether the mark is reached."""
        value = self.measure.measure(seen, hour)
        return value, value >= self.measure.mark(self.share)

    def keeps(self, highest: float) -> bool:
        """Whether the mark was reached lately."""
        return highest >= self.measure.mark(self.share)

    def learn(self, seen: list[CardDay]) -> None:
        """Let the measure learn, once for all marks of it."""
        if self.teaches:
            self.measure.learn(seen)


def marked(measure: Measure, shares: tuple[float, ...]) -> list[Marked]:
    """Return a measure with each of several marks, the one that speaks least first."""
    return [Marked(measure, share, teaches=share == shares[0]) for share in shares]

"""Alerts of one way of warning: one a card, kept open while the matter lasts (the calm of `lifecycle.rules.risk`)."""

from collections import defaultdict, deque
from typing import Protocol

from backtest.simulator.fleet import CardDay, Stop
from backtest.trial.measures import Tally
from lifecycle.rules.risk import QUIET_DAYS

LONGEST_LEAD = 14.0
"""Days: an alert that stood longer did not tell when."""


class Warner(Protocol):
    """A way of warning: what a card scores at a full hour, and whether that is an alarm."""

    def look(self, seen: CardDay, hour: int) -> tuple[float, bool]:
        """Return the score and whether an alert must be raised."""
        ...

    def keeps(self, highest: float) -> bool:
        """Whether an open alert stays, given the highest score of the last days."""
        ...

    def learn(self, seen: list[CardDay]) -> None:
        """Take in a day that is over."""
        ...


class Watch:
    """What one way of warning did over a fleet's days."""

    def __init__(self, warner: Warner) -> None:
        self.warner = warner
        self.tally = Tally()
        self.evenings: list[tuple[int, float, float]] = []
        self._open: dict[int, float] = {}
        self._lately: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=QUIET_DAYS))

    def look(self, seen: CardDay, hours: tuple[int, ...], *, counts: bool) -> None:
        """Look at a card through its day; `counts` once the warm-up is over."""
        score = 0.0
        for hour in hours:
            at = seen.day + hour / 24
            if seen.stop and seen.stop.at <= at:
                break
            score, alarm = self.warner.look(seen, hour)
            if alarm and seen.card not in self._open:
                self._open[seen.card] = at
                self.tally.opened += counts
        lately = self._lately[seen.card]
        lately.append(score)
        if seen.stop:
            self._stopped(seen.stop, counts=counts)
            return
        if seen.card in self._open and not self.warner.keeps(max(lately)):
            del self._open[seen.card]
            self.tally.came_to_nothing += counts
        if counts:
            self.tally.card_days += 1
            self.evenings.append((seen.card, seen.day + hours[-1] / 24, score))

    def _stopped(self, stop: Stop, *, counts: bool) -> None:
        opened = self._open.pop(stop.card, None)
        self._lately.pop(stop.card, None)
        if not counts:
            return
        self.tally.came_true += opened is not None
        lead = 0.0 if opened is None else min(stop.at - opened, LONGEST_LEAD)
        self.tally.leads.append((stop, lead))

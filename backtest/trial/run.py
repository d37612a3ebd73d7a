"""One fleet before the shipped score, the baselines and the oracle."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backtest.simulator.fleet import Fleet, Hidden, Size
from backtest.trial.baselines import SHARES, TOPS, Thresholds, Volume, marked
from backtest.trial.measures import Tally, is_stopped_within, roc_auc
from backtest.trial.shipped import ShippedScore
from backtest.trial.watching import Watch
from lifecycle.rules.risk import QUIET_DAYS

HOURS = (10, 12, 15, 17, 19, 20)
"""Hours at which cards are looked at; the product looks every quarter of an hour."""
TUNED_ON = (1, 2, 3)
"""Seeds of the fleets on which the points of `lifecycle.rules.risk` were set."""

Evenings = Sequence[tuple[int, float, float]]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a back-test found: the shipped score, the baselines by name, the oracle's AUC, what was hidden."""

    score: Tally
    baselines: Mapping[str, Tally]
    oracle: float
    hidden: Hidden


class BackTest:
    """Plays a fleet and lets everybody watch it; the same seed and size always give the same."""

    def __init__(self, *, seed: int, size: Size) -> None:
        self.fleet, self.size = Fleet(seed, size), size
        self.score = Watch(ShippedScore())
        self.baselines = {
            "thresholds": [Watch(one) for one in marked(Thresholds(), SHARES)],
            "volume": [Watch(one) for one in marked(Volume(), TOPS)],
        }
        self._stops: defaultdict[int, list[float]] = defaultdict(list)
        self._truths: list[tuple[int, float, float]] = []

    def run(self) -> Outcome:
        """Play to the end."""
        watches = [self.score, *(watch for several in self.baselines.values() for watch in several)]
        for number, day in enumerate(self.fleet.play()):
            for seen in day:
                self._note(seen.card, seen.day, seen.stop.at if seen.stop else None, seen.truth)
                hours = HOURS if seen.calls else HOURS[:1] + HOURS[-1:]
                if number >= self.size.warm_up - QUIET_DAYS:
                    for watch in watches:
                        watch.look(seen, hours, counts=number >= self.size.warm_up)
            for watch in watches:
                watch.warner.learn(day)
        for watch in watches:
            watch.tally.scored = self._judged(watch.evenings)
        return Outcome(
            score=self.score.tally,
            baselines={name: self._as_loud(several) for name, several in self.baselines.items()},
            oracle=roc_auc(self._judged(self._truths)),
            hidden=self.fleet.hidden,
        )

    def _note(self, card: int, day: int, stopped_at: float | None, truth: float) -> None:
        if stopped_at is not None:
            self._stops[card].append(stopped_at)
        elif day >= self.size.warm_up:
            self._truths.append((card, day + HOURS[-1] / 24, truth))

    def _judged(self, evenings: Evenings) -> list[tuple[float, bool]]:
        """Return scores of evenings with what came of them, as far as the horizon lies within the days played."""
        last = self.size.warm_up + self.size.days - self.size.horizon
        return [
            (score, is_stopped_within(self._stops[card], at, self.size.horizon))
            for card, at, score in evenings
            if at < last
        ]

    def _as_loud(self, several: Sequence[Watch]) -> Tally:
        """Return the first baseline that speaks at least as often as the score, else the one that speaks most."""
        enough = (watch.tally for watch in several if watch.tally.opened >= self.score.tally.opened)
        return next(enough, several[-1].tally)

"""How good a warning is: which order it gives to the cards, which stops it saw coming, and how often it spoke."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from backtest.simulator.fleet import Stop

DAY = 1.0


def roc_auc(scored: Iterable[tuple[float, bool]]) -> float:
    """Return the chance that a card that is stopped scores above one that is not; equal scores count half."""
    ranked = sorted(scored)
    ranks, stopped, start = 0.0, 0, 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        here = sum(is_stopped for _score, is_stopped in ranked[start:end])
        ranks += here * (start + end + 1) / 2
        stopped += here
        start = end
    pairs = stopped * (len(ranked) - stopped)
    return (ranks - stopped * (stopped + 1) / 2) / pairs if pairs else 0.5


@dataclass(kw_only=True)
class Tally:
    """The alerts of one way of warning and the stops it met. Leads are days from alert to stop, 0 without one."""

    card_days: int = 0
    opened: int = 0
    came_true: int = 0
    came_to_nothing: int = 0
    leads: list[tuple[Stop, float]] = field(default_factory=list)
    scored: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def auc(self) -> float:
        """The area under the ROC curve over evenings of cards in service."""
        return roc_auc(self.scored)

    @property
    def precision(self) -> float:
        """The share of alerts, of those that ended, that ended with a stop."""
        return _share(self.came_true, self.came_true + self.came_to_nothing)

    @property
    def recall(self) -> float:
        """The share of all stops, the ones without a cause too, that met an open alert."""
        return _share(sum(lead > 0 for _stop, lead in self.leads), len(self.leads))

    @property
    def gradual(self) -> float:
        """The share of stops whose cause built up over days that were warned of 24 hours or more before."""
        leads = [lead for stop, lead in self.leads if stop.is_gradual]
        return _share(sum(lead >= DAY for lead in leads), len(leads))

    @property
    def sudden(self) -> float:
        """The share of stops with a cause of the same day that were warned of before."""
        leads = [lead for stop, lead in self.leads if not stop.is_gradual and stop.cause != "none"]
        return _share(sum(lead > 0 for lead in leads), len(leads))

    @property
    def lead_hours(self) -> float:
        """The median hours from alert to stop over all stops with a cause; an unwarned one counts as 0."""
        leads = [lead for stop, lead in self.leads if stop.cause != "none"]
        return median(leads) * 24 if leads else 0.0

    @property
    def alerts_a_month(self) -> float:
        """Alerts opened a card in service and 30 days."""
        return _share(self.opened * 30, self.card_days)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def is_stopped_within(stops: Sequence[float], moment: float, horizon: float) -> bool:
    """Whether one of a card's stops falls within the horizon after a moment."""
    return any(moment < at <= moment + horizon for at in stops)

"""What carriers did so far, gathered as the nightly job gathers it, for `lifecycle.rules.experience`."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal

from backtest.simulator.fleet import CardDay
from lifecycle.rules.experience import SAME_LIMIT, Exposure, blame, step_of, stops_at
from lifecycle.rules.facts import CardFacts

LEAST_ANSWERED = 30


class Past:
    """Days and stops of each carrier by kind and step."""

    def __init__(self, limits: Mapping[str, Decimal]) -> None:
        self._limits = limits
        self._days: defaultdict[tuple[int, str], Counter[int]] = defaultdict(Counter)
        self._stops: defaultdict[tuple[int, str], Counter[int]] = defaultdict(Counter)
        self._yesterday: dict[int, Mapping[str, Decimal]] = {}

    def add(self, seen: CardDay, facts: CardFacts) -> None:
        """Take in what a card showed on a day, and whether it was stopped."""
        values = learnable(facts)
        for kind, value in values.items():
            self._days[seen.carrier, kind][step_of(value)] += 1
        if seen.stop:
            before = self._yesterday.get(seen.card, {})
            highest = {kind: max(value, before.get(kind, value)) for kind, value in {**before, **values}.items()}
            blamed = blame(highest, self._limits, seen.stop.reason)
            if blamed:
                self._stops[seen.carrier, blamed][step_of(highest[blamed])] += 1
        self._yesterday[seen.card] = values

    def stops_at(self, carrier: int, kind: str) -> Decimal | None:
        """Return where a carrier seems to stop cards; None for kinds that are not learnt."""
        kind = SAME_LIMIT.get(kind, kind)
        if kind not in self._limits:
            return None
        days, stops = self._days[carrier, kind], self._stops[carrier, kind]
        exposures = [Exposure(step=step, days=days[step], stops=stops[step]) for step in days | stops]
        return stops_at(exposures, limit=self._limits[kind])


def learnable(facts: CardFacts) -> dict[str, Decimal]:
    """Return the values of the day from which limits are learnt, by kind."""
    answered = facts.answered_today or 0
    short = facts.short_calls_today[10] if facts.short_calls_today else 0
    values = {
        "daily_out_calls": Decimal(facts.calls_today or 0),
        "hourly_out_calls": Decimal(facts.most_in_60 or 0),
        "complaints": Decimal(facts.complaints_30d or 0),
    }
    if facts.last_call_on:
        values["idle_days"] = Decimal((facts.today - facts.last_call_on).days)
    if answered >= LEAST_ANSWERED:
        values["short_call_ratio"] = Decimal(short * 100) / answered
    return values

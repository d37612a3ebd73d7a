"""The shipped score: the facts of a card through `lifecycle.rules`, as the assessment of a fleet does it."""

from collections import defaultdict, deque
from dataclasses import replace

from backtest.simulator.fleet import CardDay
from backtest.trial.facts import Before, facts_at
from backtest.trial.past import Past
from cards.rules.scope import RuleTerms
from cards.rules.transitions import CONDUCT
from lifecycle.rules.defaults import DEFAULTS, DefaultRule
from lifecycle.rules.experience import LEARNT
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding
from lifecycle.rules.kinds import find
from lifecycle.rules.risk import QUIET_BELOW, assess, is_alarming

CONDUCT_DAYS = 90
EVENING = 24
WEEK = 7

BY_HOUR = ("daily_out_calls", "hourly_out_calls", "short_call_ratio", "complaints", "reverify_due")
BY_DAY = ("low_balance", "idle_days", "validity", "marked", "usual_calls", "usual_hour", "stop_history")
"""Kinds whose facts stay all through a simulated day; so do their findings."""


class ShippedScore:
    """Looks at cards by the seeded rules and what their carriers did so far."""

    def __init__(self) -> None:
        self._rules = [_terms(rule) for rule in DEFAULTS if not rule.industry and rule.kind in BY_HOUR + BY_DAY]
        self._by_carrier: dict[int, list[RuleTerms]] = {}
        self._stops: defaultdict[int, list[float]] = defaultdict(list)
        self._week: defaultdict[int, deque[tuple[int, int, int]]] = defaultdict(lambda: deque(maxlen=WEEK))
        self._past = Past({rule.kind: rule.limit for rule in self._rules if rule.kind in LEARNT and rule.limit})
        self._today: tuple[int, list[Finding]] = (-1, [])

    def look(self, seen: CardDay, hour: int) -> tuple[float, bool]:
        """Return the risk, and whether it is an alarm."""
        facts = facts_at(seen, hour, self.before(seen))
        risk = assess(self.find(seen, facts))
        return float(risk.score), is_alarming(risk, now=facts.now)

    def before(self, seen: CardDay) -> Before:
        """Return what is known of a card's days before this one."""
        days = [day for day in self._week[seen.card] if day[0] >= seen.day - WEEK and day[1]]
        return Before(
            stops=sum(at > seen.day - CONDUCT_DAYS for at in self._stops[seen.card]),
            calls=[calls for _day, calls, _hour in days],
            hours=[hour for _day, _calls, hour in days],
        )

    def find(self, seen: CardDay, facts: CardFacts) -> list[Finding]:
        """Return what the rules of a card's carrier say; what holds all day is asked once a day."""
        rules = self._by_carrier.get(seen.carrier, self._rules)
        if self._today[0] != id(seen):
            self._today = (id(seen), find(facts, (rule for rule in rules if rule.kind in BY_DAY)))
        return self._today[1] + find(facts, (rule for rule in rules if rule.kind in BY_HOUR))

    def keeps(self, highest: float) -> bool:
        """Whether the risk was not low lately."""
        return highest >= QUIET_BELOW

    def learn(self, seen: list[CardDay]) -> None:
        """Take in a day's calls and stops, as the nightly job does."""
        for card in seen:
            facts = facts_at(card, EVENING, Before())
            self._past.add(card, facts)
            self._week[card.card].append((card.day, facts.calls_today or 0, facts.most_in_60 or 0))
            if card.stop and card.stop.reason in CONDUCT:
                self._stops[card.card].append(card.stop.at)
        for carrier in {card.carrier for card in seen}:
            self._by_carrier[carrier] = [
                replace(rule, stops_at=self._past.stops_at(carrier, rule.kind)) for rule in self._rules
            ]


def _terms(rule: DefaultRule) -> RuleTerms:
    return RuleTerms(
        kind=rule.kind,
        severity=rule.severity,
        action=rule.action,
        warn=rule.warn,
        limit=rule.limit,
        unit=rule.unit,
        window=rule.window,
        params=rule.params,
        confidence=rule.confidence,
        is_illustrative=rule.is_illustrative,
    )

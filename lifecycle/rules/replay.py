"""A rule that is not written yet, and what it would have hit beside what the present one hit (R2, R21)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from cards.rules.scope import RuleTerms, Scope
from lifecycle.choices import RiskBand
from lifecycle.rules.findings import Said, finding
from lifecycle.rules.risk import assess

DRAFTED = -1
"""The id of a version that is not written yet."""
WHOLE_FLEET = 0.5
"""From which part of the cards it holds for a rule counts as one that hits the whole fleet."""
NEVER = 3
MARKS = ("warn", "limit")
PLAIN = ("kind", "severity", "action", "unit", "window")
TOLD_AT_ONCE = frozenset({"low_balance", "credit_limit", "fee_spike", "validity", "idle_days"})


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A version that is not written yet: its terms, and the ids of the versions that it would follow."""

    terms: RuleTerms
    lineage: frozenset[int] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """Return it for a job to keep."""
        rule = self.terms
        kept = {"scope": asdict(rule.scope), "effective_from": rule.effective_from.isoformat()}
        marks = {name: None if (mark := getattr(rule, name)) is None else f"{mark.normalize():f}" for name in MARKS}
        plain = {name: getattr(rule, name) for name in PLAIN}
        return {**plain, **marks, **kept, "params": dict(rule.params), "lineage": sorted(self.lineage)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Draft":
        """Return what a job kept."""
        marks: dict[str, Any] = {name: None if kept[name] is None else Decimal(kept[name]) for name in MARKS}
        terms = RuleTerms(
            scope=Scope(**kept["scope"]),
            effective_from=date.fromisoformat(kept["effective_from"]),
            params=kept["params"],
            **{name: kept[name] for name in PLAIN},
            **marks,
        )
        return cls(terms=terms, lineage=frozenset(kept["lineage"]))

    @property
    def now_written(self) -> RuleTerms:
        """The terms under the id by which the draft is known."""
        return replace(self.terms, rule_id=DRAFTED, version=10**6, effective_to=None)


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day: cards at the limit and alerts, by the present rule and by the new one."""

    day: str
    old_hit: int
    new_hit: int
    old_alerts: int
    new_alerts: int


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What would have been. `cards` are those that the rule holds for, before or after; `is_today_only` where the
    kind is known for today alone. Hit means at the limit on one day at least. `gained` and `lost` are examples.
    """

    first: str
    last: str
    cards: int
    old_hit: int
    new_hit: int
    newly_hit: int
    no_longer_hit: int
    old_warned: int
    new_warned: int
    gained: Sequence[int] = ()
    lost: Sequence[int] = ()
    days: Sequence[Day] = field(default_factory=tuple)
    is_today_only: bool = False

    @property
    def old_alerts(self) -> float:
        """Alerts a day by the present rule."""
        return self._a_day(sum(day.old_alerts for day in self.days))

    @property
    def new_alerts(self) -> float:
        """Alerts a day by the new one."""
        return self._a_day(sum(day.new_alerts for day in self.days))

    @property
    def hits_whole_fleet(self) -> bool:
        """Whether it would hit half of its cards or more."""
        return self.new_hit > 0 and self.new_hit >= WHOLE_FLEET * self.cards

    def _a_day(self, alerts: int) -> float:
        span = (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1
        return round(alerts / span, 1)

    def as_json(self) -> dict[str, Any]:
        """Return it for a job to keep."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Replay":
        """Return what a job kept."""
        return cls(**{**kept, "days": [Day(**day) for day in kept["days"]]})


def alerts_from(rule: RuleTerms) -> int:
    """Return from which level on a rule opens an alert by itself: 1 warned, 2 at the limit, 3 never.

    What other alerts do not tell opens one where it makes a card's risk high.
    """
    if rule.kind in TOLD_AT_ONCE:
        return 1
    reached = finding(rule, rule.limit or Decimal(1), Said(advice=""), reached=True)
    return 2 if assess([reached]).band == RiskBand.HIGH else NEVER

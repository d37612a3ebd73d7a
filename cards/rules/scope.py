"""Which version of a carrier rule holds for a card, and why (R2; design section 6: most specific wins)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text

# Each bit outweighs all below it together, so that the order is total: card, plan, carrier, region, industry.
WEIGHTS: Mapping[str, int] = {"card": 16, "plan": 8, "carrier": 4, "region": 2, "industry": 1}
SCOPE_WORDS: Mapping[str, Text] = {
    "card": _("this card"),
    "plan": _("its plan"),
    "carrier": _("its carrier"),
    "region": _("its region"),
    "industry": _("its industry"),
}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where a rule holds, or where a card stands: ids and names; None and empty mean any."""

    card: int | None = None
    plan: int | None = None
    carrier: int | None = None
    region: str = ""
    industry: str = ""

    def covers(self, card: "Scope") -> bool:
        """Whether everything this scope names is so for the card."""
        return all(not named or named == getattr(card, part) for part, named in self.parts())

    def parts(self) -> list[tuple[str, int | str | None]]:
        """Return each part with what it names."""
        return [(part, getattr(self, part)) for part in WEIGHTS]

    def named(self) -> list[str]:
        """Return the parts that are named, most specific first."""
        return [part for part, value in self.parts() if value]

    def weight(self) -> int:
        """Return how specific the scope is: larger is more."""
        return sum(WEIGHTS[part] for part in self.named())


@dataclass(frozen=True, kw_only=True)
class RuleTerms:
    """One version of a rule as pure data: `warn` and `limit` in `unit` within `window`; `params` for what is not a
    number, such as calling windows or lists. `stops_at` is where the carrier was seen to stop cards.
    """

    kind: str
    severity: str
    action: str = "warn"
    rule_id: int | None = None
    version: int = 1
    scope: Scope = field(default_factory=Scope)
    warn: Decimal | None = None
    limit: Decimal | None = None
    stops_at: Decimal | None = None
    unit: str = ""
    window: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    consequence: str = ""
    source: str = ""
    confidence: str = "default"
    is_illustrative: bool = True
    effective_from: date = date(2000, 1, 1)
    effective_to: date | None = None

    @property
    def first_limit(self) -> Decimal | None:
        """The limit, or where the carrier was seen to stop cards if that comes first."""
        return min((mark for mark in (self.limit, self.stops_at) if mark is not None), default=None)

    @property
    def watched_from(self) -> Decimal | None:
        """Half of `stops_at`: from there a value is looked at, though it is below the warning."""
        return None if self.stops_at is None else self.stops_at / 2

    def in_force(self, day: date) -> bool:
        """Whether the version holds on a day; the last day is not included."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


@dataclass(frozen=True)
class Choice:
    """The rule that holds, and the sentence that says where it comes from."""

    terms: RuleTerms
    why: Text


def choose(rules: Iterable[RuleTerms], card: Scope, *, day: date) -> dict[str, Choice]:
    """Return, for each kind, the rule that holds for a card on a day.

    Of rules that cover the card the most specific wins: a rule for the card beats one for its plan, that beats one
    for its carrier, then region, then industry; naming more beats naming less. Of equals the later start wins, then
    the later version. Cards of the same scope get the same answer, so the caller asks once for each scope.
    """
    best: dict[str, RuleTerms] = {}
    for rule in rules:
        if not (rule.in_force(day) and rule.scope.covers(card)):
            continue
        if rule.kind not in best or _rank(rule) > _rank(best[rule.kind]):
            best[rule.kind] = rule
    return {kind: Choice(rule, explain(rule)) for kind, rule in best.items()}


def _rank(rule: RuleTerms) -> tuple[int, date, int, int]:
    return (rule.scope.weight(), rule.effective_from, rule.version, rule.rule_id or 0)


def explain(rule: RuleTerms) -> Text:
    """Return where a limit comes from: for whom it was set, since when, by which source."""
    named = rule.scope.named()
    since = rule.effective_from.isoformat()
    if not named:
        return format_lazy(_("General rule since {since}. Source: {source}"), since=since, source=rule.source)
    return format_lazy(
        _("Set for {scope} since {since}. Source: {source}"),
        scope=SCOPE_WORDS[named[0]],
        since=since,
        source=rule.source,
    )


def as_agreed(terms: RuleTerms, *, agreed: int | None, source: str) -> RuleTerms:
    """Return the terms with the limit a signed contract states, the warning moved in proportion.

    Contracts must state call-frequency limits (MIIT plan of 2018), and the signed contract wins over every default
    but a rule made for the very card.
    """
    if agreed is None or terms.scope.card:
        return terms
    share = terms.warn / terms.limit if terms.warn is not None and terms.limit else Decimal("0.8")
    return replace(
        terms,
        limit=Decimal(agreed),
        warn=(Decimal(agreed) * share).quantize(Decimal(1)),
        source=source,
        confidence="contract",
        is_illustrative=False,
    )

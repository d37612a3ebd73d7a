"""Which rule holds for which card: chosen once for each distinct scope, never once for each card (R2)."""

from collections.abc import Iterable, Mapping
from datetime import date

from cards.models import Card, CarrierRule
from cards.rules.scope import Choice, RuleTerms, Scope, as_agreed, choose
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.probing import unusable

CONTRACT_KIND = "daily_out_calls"


def rules_in_force(day: date) -> list[RuleTerms]:
    """Return every rule version in force on a day that can be applied, as pure data."""
    return [rule for rule in _in_force(day) if not unusable(rule)]


def _in_force(day: date) -> list[RuleTerms]:
    return [terms_of(rule) for rule in CarrierRule.objects.in_force(day).filter(kind__in=list(KINDS))]


def terms_of(rule: CarrierRule) -> RuleTerms:
    """Return a stored rule version as pure data."""
    return RuleTerms(
        kind=rule.kind,
        severity=rule.severity,
        action=rule.action,
        rule_id=rule.pk,
        version=rule.version,
        scope=Scope(
            card=rule.card_id,
            plan=rule.plan_id,
            carrier=rule.carrier_id,
            region=rule.region,
            industry=rule.industry,
        ),
        warn=rule.warn,
        limit=rule.limit,
        unit=rule.unit,
        window=rule.window,
        params=rule.params,
        consequence=rule.consequence,
        source=rule.source,
        confidence=rule.confidence,
        is_illustrative=rule.is_illustrative,
        effective_from=rule.effective_from,
        effective_to=rule.effective_to,
    )


class RuleBook:
    """The rules of a day; asks once for each scope that occurs and remembers the answer.

    A rule whose values cannot be read stops no other: it stands in `unreadable` and holds for no card.
    """

    def __init__(self, rules: Iterable[RuleTerms], *, day: date) -> None:
        known = [(rule, unusable(rule)) for rule in rules]
        self.rules = [rule for rule, reason in known if reason is None]
        self.unreadable = [rule for rule, reason in known if reason]
        self.day = day
        self._own = {rule.scope.card for rule in self.rules if rule.scope.card}
        self._known: dict[Scope, Mapping[str, Choice]] = {}

    def choices(self, card: Card) -> Mapping[str, Choice]:
        """Return the rule that holds for a card by kind, each with the sentence that says where it comes from.

        A call limit stated in the card's contract outranks all but a rule for the very card; reading it needs
        `contract` joined.
        """
        scope = Scope(
            card=card.pk if card.pk in self._own else None,
            plan=card.plan_id,
            carrier=card.carrier_id,
            region=card.region,
            industry=card.industry,
        )
        if scope not in self._known:
            self._known[scope] = choose(self.rules, scope, day=self.day)
        chosen = self._known[scope]
        agreed = card.contract.daily_call_limit if card.contract else None
        if agreed is None or CONTRACT_KIND not in chosen:
            return chosen
        found = chosen[CONTRACT_KIND]
        terms = as_agreed(found.terms, agreed=agreed, source=str(card.contract))
        return {**chosen, CONTRACT_KIND: Choice(terms, found.why)}


def rule_book(day: date) -> RuleBook:
    """Return the rules in force on a day, read in one query."""
    return RuleBook(_in_force(day), day=day)

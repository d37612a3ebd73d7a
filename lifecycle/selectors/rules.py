"""Which rule holds for which card: chosen once for each distinct scope, never once for each card (R2)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.compiled import rows_of
from cards.models import Card, CarrierRule
from cards.rules.scope import Choice, RuleTerms, Scope, as_agreed, choose
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.probing import unusable
from lifecycle.selectors.facts import CardInputs

CONTRACT_KIND = "daily_out_calls"
# Which row versions the rules have tells every change of them.
VERSIONS = "SELECT md5(concat(array_agg(xmin), array_agg(ctid))) FROM cards_carrierrule"


def rules_in_force(day: date) -> list[RuleTerms]:
    """Return every rule version in force on a day that can be applied, as pure data."""
    return [rule for rule in _in_force(day, KINDS) if not unusable(rule)]


def _in_force(day: date, kinds: Collection[str]) -> list[RuleTerms]:
    return [terms_of(rule) for rule in CarrierRule.objects.in_force(day).filter(kind__in=list(kinds))]


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
        self.own_cards = {rule.scope.card for rule, _reason in known if rule.scope.card}
        self._known: dict[Scope, Mapping[str, Choice]] = {}

    def choices(self, card: Card) -> Mapping[str, Choice]:
        """Return the rule that holds for a card by kind, each with the sentence that says where it comes from.

        Reading a call limit stated in the card's contract needs `contract` joined.
        """
        where = self.scope(card.pk, card.plan_id, card.carrier_id, card.region, card.industry)
        limit, number = (card.contract.daily_call_limit, card.contract.number) if card.contract else (None, "")
        return self.for_scope(where, agreed=limit, contract=number)

    def broken(self, card: Card) -> frozenset[str]:
        """Return the kinds of which a rule that covers the card cannot be read."""
        return self.broken_at(self.scope(card.pk, card.plan_id, card.carrier_id, card.region, card.industry))

    def broken_at(self, scope: Scope) -> frozenset[str]:
        """Return the same for cards of a scope."""
        return frozenset(rule.kind for rule in self.unreadable if rule.kind in KINDS and rule.scope.covers(scope))

    def for_inputs(self, known: CardInputs) -> Mapping[str, Choice]:
        """Return the same for a card of which the inputs are known."""
        where = self.scope(known.card_id, known.plan_id, known.carrier_id, known.region, known.industry)
        return self.for_scope(where, agreed=known.agreed, contract=known.contract or "")

    def scope(self, card: int, plan: int | None, carrier: int, region: str, industry: str) -> Scope:
        """Return where a card stands; the card itself is named only where a rule was made for it."""
        own = card if card in self.own_cards else None
        return Scope(card=own, plan=plan, carrier=carrier, region=region, industry=industry)

    def for_scope(self, scope: Scope, *, agreed: int | None, contract: str) -> Mapping[str, Choice]:
        """Return the rules for cards of a scope; a call limit agreed by contract outranks all but a card's own rule."""
        if scope not in self._known:
            self._known[scope] = choose(self.rules, scope, day=self.day)
        chosen = self._known[scope]
        if agreed is None or CONTRACT_KIND not in chosen:
            return chosen
        found = chosen[CONTRACT_KIND]
        terms = as_agreed(found.terms, agreed=agreed, source=contract)
        why = format_lazy(_("Agreed in the contract {number}, which goes before general rules."), number=contract)
        return {**chosen, CONTRACT_KIND: Choice(terms, found.why if terms is found.terms else why)}


def rule_book(day: date, *, kinds: Collection[str] = KINDS) -> RuleBook:
    """Return the rules of all or some kinds in force on a day, read in one query."""
    return RuleBook(_in_force(day, kinds), day=day)


def current_book(day: date) -> RuleBook:
    """Return the rules in force on a day; a process reads them again when any row of them changed."""
    ((versions,),) = rows_of(VERSIONS, {})
    return book_of(day, versions)


@lru_cache(maxsize=4)
def book_of(day: date, _versions: str) -> RuleBook:
    """Return the rules of a day in one of their `VERSIONS`."""
    return rule_book(day)

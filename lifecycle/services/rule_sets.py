"""Rule sets given out and brought in as YAML: each difference becomes a new version, all or none (R2, R21)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason, Refusal
from cards.models import Card, Carrier, CarrierRule, RatePlan
from cards.rules.scope import RuleTerms, Scope
from lifecycle.exporters.rule_sets import rule_set
from lifecycle.importers.rule_sets import NAMES, Entry, RuleSetRefused, read_rule_set
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.replay import Draft
from lifecycle.rules.terms import wrong_terms
from lifecycle.services.rules import write_rule, write_version

Known = Mapping[str, Mapping[str, Model]]
PLACE = ("carrier", "plan", "region", "industry", "card")
SAME, CHANGED, NEW = "same", "changed", "new"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One rule of a set: what it becomes, beside the rule that holds at its place (None where there is none)."""

    line: int
    kind: str
    facts: Mapping[str, Any]
    standing: CarrierRule | None
    changes: Mapping[str, Any]

    def draft(self, effective_from: date) -> Draft:
        """Return it as a version that is not written yet."""
        terms = replace(_terms(self.kind, self.facts), effective_from=effective_from)
        lineage = CarrierRule.objects.filter(lineage=self.standing.lineage) if self.standing else ()
        return Draft(terms=terms, lineage=frozenset(rule.pk for rule in lineage))

    @property
    def state(self) -> str:
        """Whether it is new, changed or the same."""
        if self.standing is None:
            return NEW
        return CHANGED if self.changes else SAME


def export_rule_set(*, day: date) -> str:
    """Return the rules in force on a day as YAML."""
    rules = CarrierRule.objects.in_force(day).select_related("carrier", "plan__carrier", "card")
    return rule_set(rules.order_by("kind", "carrier", "plan", "region", "industry", "pk"), day=day.isoformat())


def plan_rule_set(*, content: bytes, effective_from: date) -> list[Planned]:
    """Return what a file would change from a day on. RuleSetRefused names line, field and value of every fault."""
    entries = read_rule_set(content)
    known, wrong = _known(entries), []
    standing = {_place(rule.kind, _facts_of(rule)): rule for rule in _lasting(effective_from)}
    planned: dict[tuple[Any, ...], Planned] = {}
    for entry in entries:
        facts, reasons = _facts(entry, known)
        place = _place(entry.values["kind"], facts)
        if place in planned:
            said = _("Another rule of the file is of the same kind and for the same cards.")
            reasons.append(replace(entry.wrong("kind", "twice", said), value=f"{planned[place].line}"))
        rule = standing.get(place)
        changes = {name: value for name, value in facts.items() if rule and getattr(rule, name) != value}
        planned[place] = Planned(
            line=entry.line, kind=entry.values["kind"], facts=facts, standing=rule, changes=changes
        )
        wrong += reasons
    if wrong:
        raise RuleSetRefused(reasons=wrong)
    return list(planned.values())


@transaction.atomic
def import_rule_set(
    *, content: bytes, effective_from: date, reason: str, actor: User | None, now: datetime
) -> dict[str, int]:
    """Write what a file changes as new rules and versions from a day on; return how many were new, changed, the same.

    Rules that the file does not name stay. A second time changes nothing. RuleSetRefused, nothing is written then.
    """
    counts = {NEW: 0, CHANGED: 0, SAME: 0}
    by_whom: dict[str, Any] = {"effective_from": effective_from, "reason": reason, "actor": actor, "now": now}
    for planned in plan_rule_set(content=content, effective_from=effective_from):
        counts[planned.state] += 1
        try:
            _write(planned, by_whom)
        except Refusal as refusal:
            raise RuleSetRefused(reasons=[replace(one, line=planned.line) for one in refusal.reasons]) from refusal
    return counts


def _write(planned: Planned, by_whom: dict[str, Any]) -> None:
    if planned.standing is None:
        write_rule(kind=planned.kind, facts=planned.facts, **by_whom)
    elif planned.changes:
        write_version(rule_id=planned.standing.pk, changes=planned.changes, **by_whom)


def _lasting(day: date) -> Sequence[CarrierRule]:
    """Return the latest version of each rule that holds on a day or begins later."""
    rules = CarrierRule.objects.exclude(effective_to__lte=day).select_related("carrier", "plan", "card")
    return list(rules.order_by("version"))


def _facts_of(rule: CarrierRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in PLACE}


def _place(kind: str, facts: Mapping[str, Any]) -> tuple[Any, ...]:
    return (kind, *(getattr(facts[name], "pk", facts[name]) for name in PLACE))


def _known(entries: Sequence[Entry]) -> Known:
    """Return the carriers, plans and cards that the file names, by how it names them."""
    iccids = {str(entry.values["card"]) for entry in entries if entry.values.get("card")}
    carriers = list(Carrier.objects.all())
    plans = RatePlan.objects.select_related("carrier")
    return {
        "carrier": {**{one.code: one for one in carriers}, **{one.name: one for one in carriers}},
        "plan": {f"{plan.carrier.name}/{plan.name}": plan for plan in plans},
        "card": {card.iccid: card for card in Card.objects.filter(iccid__in=iccids)},
    }


def _facts(entry: Entry, known: Known) -> tuple[dict[str, Any], list[Reason]]:
    """Return a rule's fields as they are stored, and everything about them that cannot be meant."""
    values = entry.values
    reasons: list[Reason] = []
    facts: dict[str, Any] = {}
    for name in NAMES:
        called = values.get(name) or ""
        facts[name] = known[name].get(called)
        if called and facts[name] is None:
            clears = _("Name a plan with its carrier, as Carrier/Plan, and a card by its ICCID.")
            reasons.append(entry.wrong(name, "unknown_name", _("Nothing here is called so."), clears=clears))
    kind = KINDS[values["kind"]]
    facts |= {name: values.get(name, "") for name in ("region", "industry", "consequence", "source")}
    facts |= {name: values.get(name) for name in ("warn", "limit")}
    facts |= {name: values[name] for name in ("params", "severity", "action", "confidence")}
    facts |= {"unit": values.get("unit") or kind.unit, "window": values.get("window") or kind.window}
    facts["is_illustrative"] = values["illustrative"]
    names = {"is_illustrative": "illustrative"}
    for reason in wrong_terms(_terms(kind.code, facts)):
        column = names.get(reason.field, reason.field)
        reasons.append(replace(reason, line=entry.at(column), column=column))
    return facts, reasons


def _terms(kind: str, facts: Mapping[str, Any]) -> RuleTerms:
    return RuleTerms(
        kind=kind,
        scope=Scope(**{name: getattr(facts[name], "pk", facts[name]) for name in PLACE}),
        **{name: value for name, value in facts.items() if name not in PLACE},
    )

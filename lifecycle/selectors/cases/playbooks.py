"""Which steps a case takes: of the most specific playbook in force, else as the code ships them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms.models import model_to_dict

from cards.models import Card
from lifecycle.models import Playbook
from lifecycle.playbooks.registry import Kind
from lifecycle.rules.cases.opening import most_specific

TERMS = (
    *("code", "title", "who", "evidence", "people", "is_gate", "holds"),
    *("starts", "awaits", "clock_amount", "clock_unit"),
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The terms of the steps of a case, in their order, and the playbook they are from (None: the code's own)."""

    steps: Sequence[Mapping[str, Any]]
    playbook_id: int | None = None


def plans_of(kind: Kind, *, reason: str, cards: Sequence[Card], day: date) -> dict[int, Plan]:
    """Return the plan of a case by the carrier of its card, in two queries."""
    latest = Playbook.objects.in_force(day).filter(kind=kind.name, reason__in={"", reason}).prefetch_related("steps")
    known, carriers = _of_each_scope(latest), {card.carrier_id for card in cards}
    shipped = most_specific(kind.play, reason=reason, carrier_id=0)
    return {carrier_id: _plan(known, reason, carrier_id, shipped) for carrier_id in carriers}


def _of_each_scope(latest: "Sequence[Playbook] | Any") -> list[Playbook]:
    found: dict[tuple[str, int | None], Playbook] = {}
    for playbook in latest:
        found.setdefault((playbook.reason, playbook.carrier_id), playbook)
    return list(found.values())


def _plan(known: Sequence[Playbook], reason: str, carrier_id: int, shipped: Any) -> Plan:
    playbook = most_specific(known, reason=reason, carrier_id=carrier_id)
    if playbook is None:
        return Plan(steps=[spec.terms() for spec in shipped.steps] if shipped else [])
    steps = sorted(playbook.steps.all(), key=lambda step: step.position)
    return Plan(steps=[model_to_dict(step, fields=TERMS) for step in steps], playbook_id=playbook.pk)

"""Setting the plan of many cards (R81)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cards.models import RatePlan
from cards.services.many_facts import PlansOutcome, set_plans
from lifecycle.bulk.registry import (
    SET_BASED,
    Asked,
    BulkAction,
    BulkForm,
    Outcomes,
    changed_since,
    register,
)


class PlanForm(BulkForm):
    """Which plan."""

    plan = forms.ModelChoiceField(RatePlan.objects.select_related("carrier"), label=_("Plan"))
    since = forms.DateField(
        label=_("Since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day from which the carrier charges by it; empty: today."),
    )

    @classmethod
    def of_list(cls, address: QueryDict) -> dict[str, Any]:
        """Begin with the plan that the list was asked for."""
        return {"plan": address["plan"]} if address.get("plan", "").isdecimal() else {}


def give_plan(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Give the cards the plan."""
    plan, since = asked.given["plan"], asked.given.get("since")
    found = set_plans(plans=dict.fromkeys(card_ids, plan), actor=asked.actor, now=asked.now, since=since)
    left = {"plan": plan.pk} | ({"since": since.isoformat()} if since else {})
    return _told(found, {card_id: {"before": before, **left} for card_id, before in found.before.items()})


def give_plan_back(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Give the cards that still have the job's plan the one they had before."""
    present = dict(asked.cards.filter(pk__in=left).values_list("pk", "plan_id"))
    still = [card_id for card_id, one in left.items() if present.get(card_id) == one["plan"]]
    plans = RatePlan.objects.in_bulk([left[card_id]["before"] for card_id in still if left[card_id]["before"]])
    wanted = {card_id: plans.get(left[card_id]["before"]) for card_id in still}
    days = {date.fromisoformat(left[card_id]["since"]) for card_id in still if "since" in left[card_id]}
    found = set_plans(plans=wanted, actor=asked.actor, now=asked.now, since=min(days, default=None))
    outcomes = _told(found, {card_id: {} for card_id in found.before})
    outcomes.refuse_all([card_id for card_id in left if card_id not in wanted], changed_since())
    return outcomes


def _told(found: PlansOutcome, done: dict[int, dict[str, Any]]) -> Outcomes:
    return Outcomes(done={**{card_id: {} for card_id in found.unchanged}, **done}, refused=found.refused)


register(
    BulkAction(
        name="plan",
        label=_("Set plan"),
        icon="receipt",
        right="cards.change_card",
        form=PlanForm,
        perform=give_plan,
        undo=give_plan_back,
        at_once=SET_BASED,
        order=50,
    )
)

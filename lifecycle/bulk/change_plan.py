"""Asking for another plan for many cards: a case each, which somebody else approves (R48, R66)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import PlanAdvice
from cardfleet.kernel.errors import Reason
from cards.models import RatePlan
from lifecycle.bulk.registry import Asked, BulkAction, BulkForm, Outcomes, one_by_one, register
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason
from lifecycle.errors import CaseRefused
from lifecycle.services.cases import close_case, complete_step, open_case


class ChangePlanForm(BulkForm):
    """Which plan; none: for each card the best of its carrier."""

    plan = forms.ModelChoiceField(
        RatePlan.objects.filter(is_sold=True).select_related("carrier"),
        label=gettext_lazy("New plan"),
        required=False,
        empty_label=gettext_lazy("for each card its best plan"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    @classmethod
    def of_list(cls, address: QueryDict) -> dict[str, Any]:
        """Begin with the plan that the list was asked for."""
        return {"plan": address["plan"]} if address.get("plan", "").isdecimal() else {}


def ask_for_plans(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Open a change of plan on each card and choose the plan; it waits for the yes of somebody else."""
    best = {one.card_id: one.best for one in PlanAdvice.objects.filter(card__in=card_ids).select_related("best")}

    def ask_one(card_id: int) -> dict[str, Any]:
        plan = asked.given["plan"] or best.get(card_id)
        if plan is None:
            raise CaseRefused(reasons=[_no_advice()])
        case = open_case(
            card_id=card_id,
            kind=CaseKind.PLAN_CHANGE,
            reason=CaseReason.PLANNED,
            note=asked.given["note"],
            actor=asked.actor,
            now=asked.now,
        )
        first = case.steps.get(code="plan")
        complete_step(step_id=first.pk, given={"plan": plan}, actor=asked.actor, now=asked.now)
        return {"case": case.pk}

    return one_by_one(card_ids, ask_one)


def withdraw(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Withdraw the changes the job asked for that did not end since."""

    def withdraw_one(card_id: int) -> dict[str, Any]:
        close_case(
            case_id=left[card_id]["case"],
            outcome=CaseOutcome.WITHDRAWN,
            note=_("Bulk job undone"),
            actor=asked.actor,
            now=asked.now,
        )
        return {}

    return one_by_one(list(left), withdraw_one)


def _no_advice() -> Reason:
    message = gettext_lazy("No better plan is known for this card.")
    return Reason(code="no_advice", message=message, clears=gettext_lazy("Choose a plan."), field="plan")


register(
    BulkAction(
        name="change_plan",
        label=gettext_lazy("Ask for a change of plan"),
        icon="receipt",
        right="lifecycle.open_case",
        form=ChangePlanForm,
        perform=ask_for_plans,
        undo=withdraw,
        order=55,
        note=gettext_lazy("A case is opened on each card. Somebody else approves it before the carrier is asked."),
    )
)

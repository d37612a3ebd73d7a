"""Change of plan: one person asks, another approves, the carrier changes it, the card has it from that day (R48)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import StopReason
from cards.models import RatePlan
from cards.services.many_facts import set_plans
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, StepEvidence
from lifecycle.errors import StepRefused
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import APPROVE, Act, Asked, Kind, Play, StepForm, StepSpec, register
from lifecycle.rules.cases.closing import LIVE
from lifecycle.rules.cases.facts import OpeningFacts
from lifecycle.services.cases.writing import remember


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why a card's plan cannot be changed: its number is given up."""
    if facts.card.service_state not in LIVE:
        yield Reason(code="not_live", message=_("This number is given up. Choose another card."))


class PlanForm(StepForm):
    """Which plan it is to be."""

    plan = forms.ModelChoiceField(RatePlan.objects.none(), label=_("New plan"))

    def offer(self) -> None:
        """Offer what the card's carrier sells."""
        sold = RatePlan.objects.filter(carrier=self.case.card.carrier_id, is_sold=True)
        self.fields["plan"].queryset = sold  # type: ignore[attr-defined]


class ChangedForm(StepForm):
    """From when on it holds."""

    since = forms.DateField(
        label=_("Since"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The first day that the carrier charges by the new plan."),
    )


def choose(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Keep which plan is asked for, and by whom."""
    plan, card = given["plan"], step.case.card
    if plan.pk == card.plan_id:
        raise StepRefused(reasons=[_reason("same_plan", _("The card has this plan already."))])
    if plan.carrier_id != card.carrier_id:
        message = _("This plan is another carrier's. Choose one of the card's carrier.")
        raise StepRefused(reasons=[_reason("plan_of_other_carrier", message)])
    kept = {"plan": plan.pk, "from_plan": card.plan_id, "asked_by": asked.actor.pk if asked.actor else None}
    remember(case=step.case, facts=kept)
    return kept


def approve(step: CaseStep, _given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Refuse the yes of who opened the case or chose the plan."""
    askers = {step.case.opened_by_id, step.case.facts.get("asked_by")} - {None}
    if asked.actor and asked.actor.pk in askers:
        message = _("You asked for this change yourself. Somebody else approves it.")
        raise StepRefused(reasons=[Reason(code="own_request", message=message)])
    return {"plan": step.case.facts["plan"]}


def change(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Give the card the plan since the day. DayAhead."""
    plan = RatePlan.objects.get(pk=step.case.facts["plan"])
    plans = {step.case.card_id: plan}
    done = set_plans(plans=plans, since=given["since"], actor=asked.actor, now=asked.now)
    if done.refused:
        raise StepRefused(reasons=[*done.refused.values()])
    return {"plan": plan.pk, "since": given["since"].isoformat()}


def panel(case: Case, _person: Any) -> dict[str, Any]:
    """Return the plan the card had and the one asked for."""
    plans = RatePlan.objects.in_bulk([case.facts[name] for name in ("plan", "from_plan") if case.facts.get(name)])
    return {"wanted": plans.get(case.facts.get("plan")), "had": plans.get(case.facts.get("from_plan"))}


def _reason(code: str, message: Any) -> Reason:
    return Reason(code=code, message=message, clears=_("Choose another, or withdraw the case."), field="plan")


register(
    Kind(
        name=CaseKind.PLAN_CHANGE,
        label=_("Change of plan"),
        icon="receipt",
        note=_("Who asks does not approve. Nothing is sent to the carrier by CardFleet."),
        reasons=(CaseReason.PLANNED, StopReason.DEMAND_CHANGE),
        outcomes=(CaseOutcome.KEPT, CaseOutcome.REFUSED, CaseOutcome.WITHDRAWN),
        may_open=may_open,
        play=(
            Play(
                steps=(
                    StepSpec("plan", _("Say which plan it is to be"), workdays=5),
                    StepSpec("approve", _("Approve the change of plan"), who=APPROVE, workdays=3),
                    StepSpec(
                        "asked",
                        _("Ask the carrier for the change of plan"),
                        evidence=StepEvidence.NOTE_OR_FILE,
                        workdays=5,
                    ),
                    StepSpec(
                        "changed",
                        _("The carrier has changed the plan"),
                        evidence=StepEvidence.NOTE_OR_FILE,
                        starts="external",
                        workdays=20,
                    ),
                )
            ),
        ),
        acts={
            "plan": Act(form=PlanForm, perform=choose),
            "approve": Act(perform=approve),
            "changed": Act(form=ChangedForm, perform=change, ends=lambda _data: CaseOutcome.KEPT),
        },
        needs_before={CaseOutcome.KEPT: ("changed",)},
        panel="lifecycle/cases/parts/plan_change.html",
        panel_facts=panel,
        order=64,
    )
)

"""Change of plan: one person asks, another approves, the carrier changes it, the card has it from that day (R48)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cards.choices import StopReason
from cards.models import RatePlan
from cards.services.many_facts import set_plans
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, StepEvidence
from lifecycle.errors import ClosingRefused, StepRefused
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import APPROVE, Act, Asked, Kind, Play, StepForm, StepSpec, register
from lifecycle.rules.cases.closing import LIVE
from lifecycle.rules.cases.facts import OpeningFacts, StepFacts
from lifecycle.selectors.cases.plans import changed_step
from lifecycle.services.cases.writing import remember

DAYS_AHEAD = 366  # further ahead nobody plans: a year typed wrongly


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
        help_text=_("The first day that the carrier charges by the new plan. If it is ahead, the case waits for it."),
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


def may_begin(facts: StepFacts) -> Iterator[Reason]:
    """Yield why a plan cannot begin on the day: more than a year ahead."""
    since = facts.given.get("since")
    if since and (since - business_day(facts.now)).days > DAYS_AHEAD:
        message = _("This day is more than a year ahead.")
        yield Reason(code="day_too_far", message=message, clears=_("Check the year."), field="since")


def change(_step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Keep from when on the card has the plan, and whether that day is ahead; the end of the case gives it the plan."""
    since = given["since"]
    return {"since": since.isoformat(), "ahead": since > business_day(asked.now)}


def take_effect(case: Case, outcome: str, asked: Asked) -> None:
    """Give the card its plan since the day the carrier changed it, not before that day. ClosingRefused."""
    step = changed_step(case)
    if outcome != CaseOutcome.KEPT or step is None:
        return
    since = date.fromisoformat(step.data["since"])
    if since > business_day(asked.now):
        message = format_lazy(
            _("The new plan holds from {day}; on that day the case ends by itself."), day=since.isoformat()
        )
        raise ClosingRefused(reasons=[Reason(code="day_ahead", message=message, field="outcome")])
    plan = RatePlan.objects.get(pk=case.facts["plan"])
    done = set_plans(plans={case.card_id: plan}, since=since, actor=asked.actor, now=asked.now)
    if done.refused:
        raise ClosingRefused(reasons=[*done.refused.values()])


def panel(case: Case, _person: Any) -> dict[str, Any]:
    """Return the plan the card had, the one asked for, and from when on it holds, once that is known."""
    plans = RatePlan.objects.in_bulk([case.facts[name] for name in ("plan", "from_plan") if case.facts.get(name)])
    step = changed_step(case)
    return {
        "wanted": plans.get(case.facts.get("plan")),
        "had": plans.get(case.facts.get("from_plan")),
        "since": date.fromisoformat(step.data["since"]) if step else None,
    }


def _day_ahead(since: date) -> Reason:
    message = _("The new plan holds from {day}; on that day the case ends by itself.")
    return Reason(code="day_ahead", message=format_lazy(message, day=since.isoformat()), field="outcome")


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
            "changed": Act(
                form=ChangedForm,
                check=may_begin,
                perform=change,
                ends=lambda data: "" if data["ahead"] else CaseOutcome.KEPT,
            ),
        },
        on_close=take_effect,
        needs_before={CaseOutcome.KEPT: ("changed",)},
        panel="lifecycle/cases/parts/plan_change.html",
        panel_facts=panel,
        order=64,
    )
)

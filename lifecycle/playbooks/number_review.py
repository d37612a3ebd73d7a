"""Number review: keep a number or give it up, decided by a person with the facts beside it (R99, R101)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cards.choices import StopReason
from cards.rules.transitions import GIVEN_UP
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, CaseSource, StepEvidence
from lifecycle.errors import StepRefused
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import CLOSE, Act, Asked, Kind, Play, StepForm, StepSpec, register
from lifecycle.rules import reviews
from lifecycle.rules.cases.closing import LIVE
from lifecycle.selectors.keeping import keeping
from lifecycle.services.cases import open_case, remember

KEEP, CANCEL = "keep", "cancel"
ENDS = {KEEP: CaseOutcome.KEPT, CANCEL: CaseOutcome.CANCELLED}


class WeighForm(StepForm):
    """What was decided; the note says why."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[(KEEP, _("Keep it")), (CANCEL, _("Cancel it"))], widget=forms.RadioSelect
    )
    next_review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        help_text=_("For a number that is kept."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


def decide(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Record the decision with the figures it was taken on, and the day of the next look."""
    card, today = step.case.card, business_day(asked.now)
    again = given.get("next_review_on") if given["decision"] == KEEP else None
    if given["decision"] == KEEP and (unfit := list(reviews.unfit(today, again))):
        raise StepRefused(reasons=unfit)
    weighing = keeping([card], now=asked.now)[card.pk].weighing
    facts = {
        "decision": given["decision"],
        "advice": weighing.verdict.value,
        "year": str(weighing.year),
        "leaving_today": str(weighing.today.total),
        "cheapest_on": weighing.best.on.isoformat(),
        "next_review_on": again.isoformat() if again else None,
    }
    remember(case=step.case, facts=facts)
    return facts


def ends_with(data: Mapping[str, Any]) -> str:
    """Return how the review ends with its decision."""
    return ENDS[data["decision"]]


def go_on(case: Case, outcome: str, asked: Asked) -> None:
    """Open the cancellation that was decided, as a child."""
    if outcome != CaseOutcome.CANCELLED:
        return
    open_case(
        card_id=case.card_id,
        kind=CaseKind.CANCELLATION,
        reason=case.reason if case.reason in GIVEN_UP else StopReason.UNUSED,
        source=CaseSource.SYSTEM,
        note=asked.note,
        parent=case,
        actor=asked.actor,
        now=asked.now,
    )


def panel(case: Case, _person: User) -> dict[str, Any]:
    """Return the facts beside the decision."""
    return {"keep": keeping([case.card], now=timezone.now())[case.card_id], "card": case.card}


register(
    Kind(
        name=CaseKind.NUMBER_REVIEW,
        label=_("Number review"),
        icon="checklist",
        note=_("Whether a number stays: the facts are weighed, a person decides and says why."),
        reasons=(
            CaseReason.PLANNED,
            StopReason.BUSINESS_CHANGE,
            StopReason.DEMAND_CHANGE,
            StopReason.UNUSED,
            StopReason.EXPIRED,
            StopReason.OTHER,
        ),
        outcomes=(CaseOutcome.KEPT, CaseOutcome.CANCELLED, CaseOutcome.WITHDRAWN),
        fits={CaseOutcome.CANCELLED: frozenset(map(str, LIVE))},
        play=(
            Play(
                steps=(
                    StepSpec(
                        "weigh",
                        _("Keep or cancel"),
                        who=CLOSE,
                        evidence=StepEvidence.NOTE,
                        workdays=10,
                        help=_("Say why. A number that is kept is looked at again."),
                    ),
                )
            ),
        ),
        acts={"weigh": Act(form=WeighForm, perform=decide, ends=ends_with)},
        after_close=go_on,
        panel="lifecycle/cases/parts/number_review.html",
        panel_facts=panel,
        order=60,
    )
)

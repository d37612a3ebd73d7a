"""A card that is lost or stolen (R50, R52): stopped at the carrier at once, then found, re-issued or given up."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason
from cards.choices import ENDED, Condition, CustodyState, ServiceState, StopReason
from cards.selectors.voided import voided_iccids
from lifecycle.choices import CaseKind, CaseOutcome, LossMeasure, LossWay, LostWith, PaidFrom, StepEvidence, StepStart
from lifecycle.forms.fees import paid_from
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import Act, Asked, Kind, Play, StepForm, StepSpec, register
from lifecycle.rules.cases.closing import LIVE
from lifecycle.rules.cases.facts import OpeningFacts, StepFacts
from lifecycle.rules.cases.losses import measures, unmet
from lifecycle.services import losses
from lifecycle.services.case_money import post_fee
from lifecycle.services.cases import remember
from lifecycle.services.cases.branching import leave_out

WAYS: Mapping[str, tuple[str, ...]] = {
    LossWay.REISSUE: ("reissue", "test"),
    LossWay.FOUND: ("found", "test"),
    LossWay.CANCEL: (),
}
OF_WAYS = ("found", "reissue", "test")
# The number goes its way to the end: the cancellation is a case of its own.
LEAVING = frozenset({ServiceState.LOST_STOP, ServiceState.CANCEL_PENDING, ServiceState.PRE_CANCELLED})
BACK = frozenset({ServiceState.ACTIVE, ServiceState.FORCED_STOP, ServiceState.REVERIFY_STOP})


class StopForm(StepForm):
    """What the carrier said when it stopped the card."""

    ticket = forms.CharField(label=_("The carrier's case number"), max_length=60)


class MeasuresForm(StepForm):
    """What lay on the card, and what was done about it."""

    lost = forms.MultipleChoiceField(
        label=_("What lay on it, or was lost with it"),
        choices=LostWith.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    measures = forms.MultipleChoiceField(
        label=_("Done"), choices=LossMeasure.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def offer(self) -> None:
        """Begin with what the report said."""
        self.fields["lost"].initial = self.case.facts.get("lost", [])


class WayForm(StepForm):
    """How it goes on."""

    way = forms.ChoiceField(label=_("How it goes on"), choices=LossWay.choices)


class FoundForm(StepForm):
    """How the card that was found looks; the note says where it was and what is wrong with it."""

    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices, initial=Condition.GOOD)


class NewSimForm(StepForm):
    """The new SIM of the same number."""

    iccid = forms.CharField(label=_("ICCID of the new SIM"), max_length=30)
    imsi = forms.CharField(label=_("IMSI of the new SIM"), max_length=20, required=False)
    cost = forms.DecimalField(label=_("Fee (CNY)"), min_value=0, max_digits=8, decimal_places=2, required=False)
    paid_from = paid_from()


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why a card cannot be lost: its number or its plastic is gone for good."""
    if facts.card.service_state in ENDED or facts.card.custody_state == CustodyState.DESTROYED:
        yield Reason(code="number_ended", message=_("The carrier has ended this number; there is nothing to stop."))


def measures_taken(facts: StepFacts) -> Iterator[Reason]:
    """Yield what the plan asks for by what was lost, and nobody did or explained."""
    given = facts.given
    yield from unmet(
        given.get("measures", ()), lost=given.get("lost", ()), reason=facts.case.reason, is_explained=facts.has_note
    )


def on_the_way(facts: StepFacts) -> Iterator[Reason]:
    """Yield why a step of a way is not done: another way was chosen, or none yet."""
    if facts.code not in WAYS.get(facts.case.facts.get("way", ""), ()):
        message = _("Decide first how it goes on; this step is of another way.")
        yield Reason(code="other_way", message=message)


def stop(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> None:
    """Record the carrier's stop."""
    losses.stopped(step.case, asked, ticket=given["ticket"])


def plan(step: CaseStep, given: Mapping[str, Any], _asked: Asked) -> dict[str, Any]:
    """Remember what was lost and done."""
    kept = {"lost": list(given["lost"]), "measures": list(given["measures"])}
    remember(case=step.case, facts=kept)
    return kept


def decide(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Take one way: the steps of the others are left out, a cancellation goes on as a case of its own."""
    way = given["way"]
    remember(case=step.case, facts={"way": way})
    leave_out(
        case=step.case,
        codes=[code for code in OF_WAYS if code not in WAYS[way]],
        why=gettext("Another way was taken."),
        actor=asked.actor,
        now=asked.now,
    )
    followed = losses.given_up(step.case, asked).pk if way == LossWay.CANCEL else None
    return {"way": way, "followed_by": followed}


def back(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> None:
    """Record that it was found, and how it looks."""
    losses.found(step.case, asked, condition=given["condition"])


def reissue(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Put the number on its new SIM."""
    why = step.case.reason
    old = losses.replaced(step.case, asked, iccid=given["iccid"], imsi=given["imsi"], why=why, in_hand=False)
    return new_sim_kept(step, given, asked, voided=old.pk)


def new_sim_kept(step: CaseStep, given: Mapping[str, Any], asked: Asked, *, voided: int) -> dict[str, Any]:
    """Post the fee of a new SIM, and return what the step keeps: never the ICCID."""
    entries = post_fee(
        step=step,
        amount=given["cost"],
        paid_from=given.get("paid_from") or PaidFrom.BALANCE,
        reference=gettext("New SIM"),
        at=asked.at,
        actor=asked.actor,
        now=asked.now,
    )
    facts = {"voided": voided, "cost": str(given["cost"] or 0)}
    remember(case=step.case, facts=facts)
    return {**facts, "entries": entries}


def panel_facts(case: Case, _user: User) -> dict[str, Any]:
    """Return what the panel shows: the times, the plan by what was lost, the void SIMs."""
    facts = case.facts
    done = facts.get("measures", [])
    wanted = measures(facts.get("lost", []), reason=case.reason)
    return {
        "lost": [LostWith(thing).label for thing in facts.get("lost", [])],
        "measures": [(measure.label, measure in done) for measure in wanted],
        "way": LossWay(facts["way"]).label if facts.get("way") else "",
        "voided": voided_iccids(case.card_id),
    }


register(
    Kind(
        name=CaseKind.LOSS,
        label=_("Loss or theft"),
        icon="help-octagon",
        is_reported=True,
        reasons=(StopReason.LOST, StopReason.STOLEN),
        outcomes=(CaseOutcome.REPLACED, CaseOutcome.RESTORED, CaseOutcome.CANCELLED, CaseOutcome.WITHDRAWN),
        may_open=may_open,
        on_open=losses.missing,
        play=(
            Play(
                steps=(
                    StepSpec(
                        "stop",
                        _("Have the carrier stop the card"),
                        hours=1,
                        starts=StepStart.OPENING,
                        help=_("Call the hotline at once. Its secrets are erased with this step."),
                    ),
                    StepSpec(
                        "plan",
                        _("Follow the loss plan"),
                        hours=24,
                        starts=StepStart.OPENING,
                        help=_("What has to be done follows from what lay on the card."),
                    ),
                    StepSpec("way", _("Decide how it goes on"), hours=24),
                    StepSpec(
                        "found",
                        _("It was found"),
                        gate=False,
                        evidence=StepEvidence.NOTE,
                        help=_("Write where it was and how it looks."),
                    ),
                    StepSpec(
                        "reissue",
                        _("Put the number on a new SIM"),
                        gate=False,
                        evidence=StepEvidence.NOTE_OR_FILE,
                        workdays=2,
                        help=_("The registrant goes to the outlet with identity papers and the application."),
                    ),
                    StepSpec("test", _("Make a test call"), gate=False, evidence=StepEvidence.NOTE, hours=24),
                )
            ),
        ),
        acts={
            "stop": Act(form=StopForm, perform=stop),
            "plan": Act(form=MeasuresForm, check=measures_taken, perform=plan),
            "way": Act(form=WayForm, perform=decide),
            "found": Act(form=FoundForm, check=on_the_way, perform=back),
            "reissue": Act(form=NewSimForm, check=on_the_way, perform=reissue),
            "test": Act(check=on_the_way),
        },
        irreversible=frozenset({"reissue"}),
        needs_before={
            CaseOutcome.REPLACED: ("reissue", "test"),
            CaseOutcome.RESTORED: ("found", "test"),
            CaseOutcome.CANCELLED: ("way",),
        },
        fits={
            CaseOutcome.REPLACED: BACK,
            CaseOutcome.RESTORED: BACK,
            CaseOutcome.CANCELLED: LEAVING | ENDED,
            CaseOutcome.WITHDRAWN: LIVE - {ServiceState.LOST_STOP},
        },
        panel="lifecycle/cases/parts/loss.html",
        panel_facts=panel_facts,
        order=20,
    )
)

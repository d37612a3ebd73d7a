"""A card that does not work (R32, R39, R77, R78): ticket at the carrier, the law's clock, a new SIM if need be."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason
from cards.choices import ENDED, StopReason, WhyReissued
from cards.models import Card
from cards.selectors.voided import voided_iccids
from lifecycle.choices import (
    Area,
    CaseKind,
    CaseOutcome,
    CaseReason,
    FaultKind,
    QualityCause,
    StepEvidence,
    StepStart,
)
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.loss import NewSimForm, new_sim_kept
from lifecycle.playbooks.registry import Act, Asked, Kind, Play, StepForm, StepSpec, register
from lifecycle.rules.cases.facts import OpeningFacts, StepFacts
from lifecycle.rules.cases.faults import LEGAL_HOURS, OF_THE_SIM
from lifecycle.rules.quality import BEST, WORST, lacking
from lifecycle.selectors.quality import card_quality
from lifecycle.services import faults, losses
from lifecycle.services.cases import remember
from lifecycle.services.cases.branching import leave_out
from lifecycle.services.quality import rate_calls


class DiagnoseForm(StepForm):
    """What does not work, and where."""

    fault = forms.ChoiceField(label=_("What does not work"), choices=FaultKind.choices)
    area = forms.ChoiceField(
        label=_("Where"),
        choices=Area.choices,
        help_text=_("By law the carrier has 48 hours in a city, 72 in the countryside."),
    )

    def offer(self) -> None:
        """Begin with what the report said."""
        for name in ("fault", "area"):
            self.fields[name].initial = self.case.facts.get(name)


class TicketForm(StepForm):
    """The carrier's ticket."""

    ticket = forms.CharField(label=_("The carrier's ticket"), max_length=60)
    new_sim = forms.BooleanField(label=_("A new SIM is needed, the number stays"), required=False)

    def offer(self) -> None:
        """Begin with what the fault asks for."""
        self.fields["new_sim"].initial = self.case.facts.get("fault") in OF_THE_SIM


class SwapForm(NewSimForm):
    """A new SIM for a number whose SIM is faulty, damaged or of the wrong size."""

    why = forms.ChoiceField(
        label=_("Why a new SIM"),
        choices=[(why.value, why.label) for why in (WhyReissued.FAULT, WhyReissued.DAMAGED, WhyReissued.FORM)],
    )
    in_hand = forms.BooleanField(
        label=_("The old SIM is in our hands"), required=False, help_text=_("It is to be destroyed.")
    )


class RepairForm(StepForm):
    """What the carrier says was wrong."""

    cause = forms.ChoiceField(
        label=_("Cause confirmed by the carrier"),
        choices=[(cause.value, cause.label) for cause in (*faults.OF_A_FAULT, StopReason.OTHER)],
    )


class TestForm(StepForm):
    """How good the test call was."""

    score = forms.TypedChoiceField(
        label=_("Quality"), coerce=int, choices=[(score, str(score)) for score in range(BEST, WORST - 1, -1)]
    )
    cause = forms.ChoiceField(label=_("What was wrong"), choices=[("", "—"), *QualityCause.choices], required=False)


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why a fault is not pursued: the number has ended."""
    if facts.card.service_state in ENDED:
        yield Reason(code="number_ended", message=_("The carrier has ended this number; there is nothing to mend."))


def rated(facts: StepFacts) -> Iterator[Reason]:
    """Yield what the opinion of the test call leaves open."""
    yield from lacking(facts.given.get("score", 0), facts.given.get("cause", ""))


def diagnose(step: CaseStep, given: Mapping[str, Any], _asked: Asked) -> None:
    """Remember what does not work."""
    remember(case=step.case, facts={"fault": given["fault"], "area": given["area"]})


def tell_carrier(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> None:
    """Start the law's clock; without a new SIM its step is left out."""
    faults.told_carrier(step.case, asked, ticket=given["ticket"])
    if not given["new_sim"]:
        why = gettext("No new SIM is needed.")
        leave_out(case=step.case, codes=["swap"], why=why, actor=asked.actor, now=asked.now)


def swap(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Put the number on a new SIM."""
    old = losses.replaced(
        step.case,
        asked,
        iccid=given["iccid"],
        imsi=given["imsi"],
        why=given["why"],
        in_hand=given["in_hand"],
    )
    return new_sim_kept(step, given, asked, voided=old.pk)


def mended(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> None:
    """Remember the cause and whether the carrier kept the law's time."""
    faults.mended(step.case, asked, cause=given["cause"])


def tried(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> None:
    """Keep the opinion of the test call."""
    rate_calls(
        card_id=step.case.card_id,
        cards=Card.objects.all(),
        score=given["score"],
        cause=given["cause"],
        note=asked.note,
        case=step.case,
        actor=asked.actor,
        now=asked.now,
    )
    remember(case=step.case, facts={"score": given["score"]})


def panel_facts(case: Case, _user: User) -> dict[str, Any]:
    """Return what the panel shows: the fault, the law's clock, quality, what a new SIM would cure."""
    facts = case.facts
    fault = facts.get("fault", "")
    return {
        "fault": FaultKind(fault).label if fault else "",
        "area": Area(facts["area"]).label if facts.get("area") else "",
        "legal_hours": LEGAL_HOURS.get(facts.get("area", "")),
        "sim_may_help": fault in OF_THE_SIM,
        "quality": card_quality(case.card_id),
        "voided": voided_iccids(case.card_id),
    }


def ended(case: Case, outcome: str, asked: Asked) -> None:
    """Let the holder use the card again, unless the carrier refused to mend it."""
    if outcome != CaseOutcome.REFUSED:
        faults.used_again(case, asked)


register(
    Kind(
        name=CaseKind.FAULT,
        label=_("Fault case"),
        icon="tool",
        is_reported=True,
        reasons=(CaseReason.UNKNOWN, *faults.OF_A_FAULT, StopReason.OTHER),
        outcomes=(
            CaseOutcome.RESTORED,
            CaseOutcome.REPLACED,
            CaseOutcome.KEPT,
            CaseOutcome.REFUSED,
            CaseOutcome.WITHDRAWN,
        ),
        may_open=may_open,
        play=(
            Play(
                steps=(
                    StepSpec(
                        "diagnose",
                        _("Find out what does not work"),
                        evidence=StepEvidence.NOTE,
                        hours=4,
                        starts=StepStart.OPENING,
                        help=_("Try the card in another phone and another place; write down what was tried."),
                    ),
                    StepSpec("ticket", _("Open a ticket at the carrier"), hours=4),
                    StepSpec(
                        "swap",
                        _("Change the SIM, keep the number"),
                        gate=False,
                        evidence=StepEvidence.NOTE_OR_FILE,
                    ),
                    StepSpec(
                        faults.MENDED,
                        _("The carrier says it is mended"),
                        evidence=StepEvidence.NOTE,
                        starts=StepStart.EXTERNAL,
                        hours=48,
                        help=_("48 hours in a city, 72 in the countryside (Telecommunications Regulations art. 32)."),
                    ),
                    StepSpec("test", _("Make a test call and rate it"), hours=24),
                )
            ),
        ),
        acts={
            "diagnose": Act(form=DiagnoseForm, perform=diagnose),
            "ticket": Act(form=TicketForm, perform=tell_carrier),
            "swap": Act(form=SwapForm, perform=swap),
            faults.MENDED: Act(form=RepairForm, perform=mended),
            "test": Act(form=TestForm, check=rated, perform=tried),
        },
        irreversible=frozenset({"swap"}),
        early=frozenset({CaseOutcome.KEPT}),
        needs_before={
            CaseOutcome.RESTORED: ("test",),
            CaseOutcome.REPLACED: ("swap", "test"),
        },
        on_close=ended,
        panel="lifecycle/cases/parts/fault.html",
        panel_facts=panel_facts,
        order=30,
    )
)

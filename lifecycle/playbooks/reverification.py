"""The carrier's demand that a registrant verify again, within 24 hours of its notice (R79; notice of 2021, art. 11)."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import ServiceState, StopReason
from lifecycle.choices import CaseKind, CaseOutcome, StepEvidence, StepStart
from lifecycle.forms.suspension import TestCallStep
from lifecycle.playbooks.registry import Act, Kind, Play, StepSpec, register
from lifecycle.playbooks.suspension import PROVEN, TEST
from lifecycle.rules.cases.facts import OpeningFacts
from lifecycle.services.cases import suspension as deeds

TOO_EARLY = (ServiceState.PENDING, ServiceState.CANCEL_PENDING, ServiceState.PRE_CANCELLED)


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why the registrant of a card has nothing to verify again."""
    if facts.card.service_state in TOO_EARLY:
        yield Reason(
            code="not_in_service",
            message=_("The number is not in use yet, or is being given up."),
            clears=_("Finish that first."),
        )


register(
    Kind(
        name=CaseKind.REVERIFICATION,
        label=_("Re-verification case"),
        icon="user-scan",
        note=_("The carrier demands that the registrant verify again within 24 hours."),
        reasons=(StopReason.REVERIFICATION, StopReason.REAL_NAME, StopReason.FRAUD_MODEL),
        outcomes=(
            CaseOutcome.KEPT,
            CaseOutcome.RESTORED,
            CaseOutcome.CANCELLED,
            CaseOutcome.REFUSED,
            CaseOutcome.WITHDRAWN,
        ),
        may_open=may_open,
        play=(
            Play(
                steps=(
                    StepSpec(
                        "summon",
                        _("Tell the registrant what to do by when"),
                        evidence=StepEvidence.NOTE,
                        hours=2,
                        starts=StepStart.OPENING,
                    ),
                    replace(PROVEN, holds=True),
                    StepSpec(
                        "resume",
                        _("The card is in service"),
                        who="cards.change_service_state",
                        evidence=StepEvidence.NOTE_OR_FILE,
                        hours=24,
                        starts=StepStart.EXTERNAL,
                        help=_("If the carrier stopped it meanwhile: that it lifted the stop."),
                    ),
                    TEST,
                )
            ),
        ),
        acts={
            "verify": Act(perform=deeds.verify),
            "resume": Act(perform=deeds.restore),
            "test_call": Act(form=TestCallStep),
        },
        on_open=deeds.start_clock,
        early=frozenset({CaseOutcome.CANCELLED}),
        fits={CaseOutcome.KEPT: frozenset({ServiceState.ACTIVE})},
        order=15,
    )
)

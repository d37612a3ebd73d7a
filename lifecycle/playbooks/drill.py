"""The switch-over drill: a spare card is tried once a month, so that it works on the day it is needed (R55)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import ServiceState
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, StepEvidence
from lifecycle.playbooks.registry import Kind, Play, StepSpec, register
from lifecycle.rules.cases.facts import OpeningFacts


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why a card cannot be tried: it has to be in service."""
    if facts.card.service_state != ServiceState.ACTIVE:
        yield Reason(code="not_in_service", message=_("Only a card in service is tried. Choose another."))


register(
    Kind(
        name=CaseKind.DRILL,
        label=_("Switch-over drill"),
        icon="refresh",
        reasons=(CaseReason.PLANNED,),
        outcomes=(CaseOutcome.KEPT, CaseOutcome.REFUSED, CaseOutcome.WITHDRAWN),
        may_open=may_open,
        play=(
            Play(
                steps=(
                    StepSpec("fetch", _("Take the spare out of its place"), workdays=1),
                    StepSpec(
                        "call",
                        _("Make a test call to our own line"),
                        evidence=StepEvidence.NOTE,
                        workdays=1,
                        help=_("Note the time from taking it out to being connected."),
                    ),
                    StepSpec("back", _("Put it back in its place"), gate=False, workdays=1),
                )
            ),
        ),
        order=90,
    )
)

"""The switch-over drill: once a month a team tries how fast a spare would stand in for a card in use (R55).

Nothing is switched: the best spare is fetched, put into a phone, one call is made to our own line by a person, and
how long it took is kept with the case.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from agents.rules.gates import parse_gates
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason
from cards.choices import ServiceState
from cards.models import Card
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, StepEvidence
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import Act, Asked, Kind, Play, StepForm, StepSpec, register
from lifecycle.rules.cases.facts import OpeningFacts
from lifecycle.selectors.failover import spares_for, standing_of
from lifecycle.services.cases.writing import remember


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why a card cannot be tried: it has to be in service."""
    if facts.card.service_state != ServiceState.ACTIVE:
        yield Reason(code="not_in_service", message=_("Only a card in service is tried. Choose another."))


class CallForm(StepForm):
    """How the test call went."""

    minutes = forms.IntegerField(
        label=_("Minutes until the call was connected"), required=False, min_value=0, max_value=600
    )
    connected = forms.BooleanField(label=_("The call was connected"), required=False, initial=True)


def fetch(step: CaseStep, _given: Mapping[str, Any], asked: Asked) -> Mapping[str, Any]:
    """Keep which spare fits best now, with its points, and how many there are."""
    standing = standing_of(step.case.card, actor=asked.actor, now=asked.now)
    if asked.actor is None or standing.assignment is None:
        return {}
    spares = spares_for(standing, user=asked.actor, now=asked.now, gates=parse_gates(settings.GATES))
    facts: dict[str, Any] = {"spares": len(spares.fit) + spares.more}
    if spares.fit:
        facts |= {"spare": spares.fit[0].card.pk, "points": spares.fit[0].ranked.points}
    remember(case=step.case, facts=facts)
    return facts


def call(step: CaseStep, given: Mapping[str, Any], _asked: Asked) -> Mapping[str, Any]:
    """Keep how long it took, and whether it worked."""
    facts = {name: given[name] for name in ("minutes", "connected") if given.get(name) is not None}
    remember(case=step.case, facts=facts)
    return facts


def panel_facts(case: Case, _user: User) -> Mapping[str, Any]:
    """Return which spare was the best."""
    return {"spare": Card.objects.filter(pk=case.facts.get("spare")).first()}


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
                    StepSpec(
                        "fetch",
                        _("Take the best spare out of its place"),
                        workdays=1,
                        help=_("As if this card had stopped; nothing is switched."),
                    ),
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
        acts={"fetch": Act(perform=fetch), "call": Act(form=CallForm, perform=call)},
        panel="lifecycle/cases/parts/drill.html",
        panel_facts=panel_facts,
        order=90,
    )
)

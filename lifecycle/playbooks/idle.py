"""Idle: a card that nobody uses is used genuinely, or released, before its carrier takes it back (R95, R100, R109).

Never simulated traffic: calls or top-ups made only to look alive are 养卡. CardFleet makes none and counts none.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cards.choices import ServiceState, StopReason
from lifecycle.choices import CaseKind, CaseOutcome, IdleDecision, StepEvidence
from lifecycle.errors import ClosingRefused, StepRefused
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import CLOSE, FUTURE, Act, Asked, Kind, Play, StepForm, StepSpec, register
from lifecycle.playbooks.renewal import go_on, not_decided_so
from lifecycle.rules.cases.closing import LIVE
from lifecycle.rules.cases.facts import OpeningFacts
from lifecycle.selectors.cases.idle import silences, used_again
from lifecycle.services.cases.writing import remember


class DecideForm(StepForm):
    """What becomes of the card."""

    decision = forms.ChoiceField(label=_("Decision"), choices=IdleDecision.choices, widget=forms.RadioSelect)


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why nobody is asked: only a card in service can be used."""
    if facts.card.service_state != ServiceState.ACTIVE:
        yield Reason(
            code="not_in_service",
            message=_("Only a card in service can be used genuinely."),
            clears=_("See to what stopped it first."),
        )


def decide(step: CaseStep, given: Mapping[str, Any], _asked: Asked) -> dict[str, Any]:
    """Keep the decision."""
    remember(case=step.case, facts={"decision": given["decision"]})
    return dict(given)


def ends_with(data: Mapping[str, Any]) -> str:
    """Return how a decision ends the case at once; use goes on."""
    return CaseOutcome.CANCELLED if data["decision"] == IdleDecision.RELEASE else ""


def used(step: CaseStep, _given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Find the use on record; somebody's word is not enough."""
    at = used_again(now=asked.now, case_ids=[step.case_id]).get(step.case_id)
    if at is None:
        raise StepRefused(reasons=[_not_used()])
    remember(case=step.case, facts={"used_at": at})
    return {"used_at": at}


def refuse_other_end(case: Case, outcome: str, asked: Asked) -> None:
    """Refuse to call a card kept that nobody has used since, or given up where that was not decided."""
    if outcome == CaseOutcome.CANCELLED and case.facts.get("decision") != IdleDecision.RELEASE:
        raise ClosingRefused(reasons=[not_decided_so()])
    if outcome == CaseOutcome.KEPT and not used_again(now=asked.now, case_ids=[case.pk]):
        raise ClosingRefused(reasons=[_not_used()])


def _not_used() -> Reason:
    return Reason(
        code="not_used_yet",
        message=_("No genuine call and no top-up since this case was opened is on record."),
        clears=_("Import the call details or record the top-up. Calls between our own numbers do not count."),
    )


def panel_facts(case: Case, _user: User) -> dict[str, Any]:
    """Return when it was last used and when it is expected to be taken back."""
    used_at = case.facts.get("used_at")
    return {
        "silence": silences([case.card_id], today=business_day(timezone.now())).get(case.card_id),
        "used_at": datetime.fromisoformat(used_at) if used_at else None,
    }


register(
    Kind(
        name=CaseKind.IDLE,
        label=_("Use it or release it"),
        icon="zzz",
        note=_(
            "Nobody uses this card, and its carrier takes silent numbers back. Give it to somebody who needs it, or "
            "release it. Calls or top-ups made only to look alive are forbidden: carriers stop whole fleets for them."
        ),
        track=FUTURE,
        reasons=(StopReason.IDLE, StopReason.UNUSED),
        outcomes=(CaseOutcome.KEPT, CaseOutcome.CANCELLED, CaseOutcome.WITHDRAWN),
        may_open=may_open,
        play=(
            Play(
                steps=(
                    StepSpec(
                        "decide",
                        _("Decide: use it genuinely, or release it"),
                        who=CLOSE,
                        evidence=StepEvidence.NOTE,
                        workdays=5,
                        help=_("Say who needs it and for what. To release opens the cancellation at once."),
                    ),
                    StepSpec(
                        "used",
                        _("Used genuinely: an answered call with a customer, or a top-up"),
                        workdays=10,
                        help=_("Done by itself once such a call or top-up is on record."),
                    ),
                )
            ),
        ),
        acts={
            "decide": Act(form=DecideForm, perform=decide, ends=ends_with),
            "used": Act(perform=used, ends=lambda _data: CaseOutcome.KEPT),
        },
        early=frozenset({CaseOutcome.KEPT, CaseOutcome.CANCELLED}),
        needs_before={CaseOutcome.CANCELLED: ("decide",)},
        fits={CaseOutcome.CANCELLED: LIVE},
        on_close=refuse_other_end,
        after_close=go_on,
        panel="lifecycle/cases/parts/idle.html",
        panel_facts=panel_facts,
        order=45,
    )
)

"""Porting out (携号转网): a number moves to another carrier with its person, where the rules of 2019 allow it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import business_day
from cards.choices import ChangeSource, ServiceState, StopReason
from lifecycle.choices import CaseKind, CaseOutcome, StepEvidence
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.numbers import PANEL, card_of, conditions, opened_where, refuse_unmet
from lifecycle.playbooks.registry import CLOSE, FUTURE, Act, Asked, Kind, Paper, Play, StepSpec, register
from lifecycle.rules.cases.porting import PAPERS, RULES, porting_checks
from lifecycle.selectors.cases.numbers import number_facts
from lifecycle.services.states import record_state


def eligible(step: CaseStep, _given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Refuse while any condition is not met or not known."""
    refuse_unmet(step.case, porting_checks, asked, with_unknown=True, leaves=True)
    return {
        "met": [check.code for check in porting_checks(number_facts(card_of(step.case), today=business_day(asked.now)))]
    }


def ported(step: CaseStep, _given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Record that the number is with another carrier now."""
    refuse_unmet(step.case, lambda _facts: (), asked, with_unknown=False, leaves=True)
    record_state(
        card_id=step.case.card_id,
        to=ServiceState.PORTED_OUT,
        reason="",
        source=ChangeSource.CARRIER_SMS,
        at=asked.at,
        actor=asked.actor,
        now=asked.now,
        evidence=next(iter(asked.files), None),
    )
    return {}


def sheet(case: Case) -> dict[str, Any]:
    """Return the sheet of papers, and of conditions as long as they are to be met."""
    card = card_of(case)
    checks = porting_checks(number_facts(card, today=case.opened_at.date())) if case.is_open else ()
    return {"card": card, "checks": checks, "papers": PAPERS, "source": RULES}


register(
    Kind(
        name=CaseKind.PORT_OUT,
        label=_("Porting out"),
        icon="arrow-bar-right",
        note=_("Only a person's number of a base carrier can be ported; a company's is transferred to a person first."),
        track=FUTURE,
        reasons=(StopReason.BUSINESS_CHANGE, StopReason.DEMAND_CHANGE),
        outcomes=(CaseOutcome.PORTED_OUT, CaseOutcome.REFUSED, CaseOutcome.WITHDRAWN),
        may_open=opened_where(porting_checks),
        play=(
            Play(
                steps=(
                    StepSpec(
                        "eligible",
                        _("Check every condition of porting"),
                        who=CLOSE,
                        evidence=StepEvidence.NOTE,
                        workdays=3,
                        help=_("Note what the carrier's hotline said about contracts and unbilled fees."),
                    ),
                    StepSpec(
                        "asked",
                        _("The registrant asks the carrier for the porting code"),
                        evidence=StepEvidence.NOTE,
                        workdays=3,
                        help=_(
                            "By message CXXZ#name#ID to the carrier's number. The code is valid for one hour; never "
                            "write it down here."
                        ),
                    ),
                    StepSpec(
                        "applied",
                        _("Apply at the new carrier with ID card and code"),
                        evidence=StepEvidence.NOTE_OR_FILE,
                        workdays=3,
                    ),
                    StepSpec(
                        "ported",
                        _("The number works at the new carrier"),
                        evidence=StepEvidence.FILE,
                        starts="external",
                        workdays=3,
                    ),
                )
            ),
        ),
        acts={
            "eligible": Act(perform=eligible),
            "ported": Act(perform=ported, ends=lambda _data: CaseOutcome.PORTED_OUT),
        },
        needs_before={CaseOutcome.PORTED_OUT: ("ported",)},
        irreversible=frozenset({"ported"}),
        panel=PANEL,
        panel_facts=conditions(porting_checks),
        papers=(
            Paper(
                code="conditions",
                label=_("Conditions and papers of porting"),
                template="lifecycle/cases/papers/port_out.html",
                facts=sheet,
            ),
        ),
        order=64,
    )
)

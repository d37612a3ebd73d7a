"""Renewal: before its validity ends a card is renewed, cancelled or left to lapse, by decision (R15, R22)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cards.choices import PurchaseChannel, StopReason
from cards.services.cards import edit_facts
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, CaseSource, PaidFrom, RenewalDecision, StepEvidence
from lifecycle.errors import ClosingRefused, StepRefused
from lifecycle.forms.fees import paid_from
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import CLOSE, FUTURE, Act, Asked, Kind, Play, StepForm, StepSpec, register
from lifecycle.rules.cases.closing import LIVE
from lifecycle.rules.cases.facts import OpeningFacts, StepFacts
from lifecycle.rules.cases.renewal import (
    MONTHS,
    MOST_MONTHS,
    RenewalFacts,
    against_lapsing,
    keeping_cost,
    new_last_day,
    unfit_date,
)
from lifecycle.selectors.cases.idle import silences
from lifecycle.selectors.cases.renewals import RENEWED_IN, renewal_facts
from lifecycle.services.case_money import post_fee
from lifecycle.services.cases.opening import open_case
from lifecycle.services.cases.writing import remember

ENDS = {RenewalDecision.CANCEL: CaseOutcome.CANCELLED, RenewalDecision.LAPSE: CaseOutcome.LAPSED}
PROPER_CHANNELS = [choice for choice in PurchaseChannel.choices if choice[0] != PurchaseChannel.UNKNOWN]


class DecideForm(StepForm):
    """What becomes of the card."""

    decision = forms.ChoiceField(label=_("Decision"), choices=RenewalDecision.choices, widget=forms.RadioSelect)
    months = forms.IntegerField(
        label=_("Renewed for months"), required=False, initial=MONTHS, min_value=1, max_value=MOST_MONTHS
    )


class RenewedForm(StepForm):
    """What the carrier did."""

    expires_on = forms.DateField(label=_("New last day"), widget=forms.DateInput(attrs={"type": "date"}))
    paid = forms.DecimalField(label=_("Paid (CNY)"), required=False, min_value=0, max_digits=10, decimal_places=2)
    paid_from = paid_from()
    channel = forms.ChoiceField(
        label=_("Renewed at"),
        choices=PROPER_CHANNELS,
        help_text=_("Renew with the carrier or its authorised agent only."),
    )

    def offer(self) -> None:
        """Propose the day that follows from the decision."""
        self.fields["expires_on"].initial = self.case.facts.get("expected")


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why a card is not renewed: nothing is to be renewed in its state."""
    if facts.card.service_state not in RENEWED_IN:
        yield Reason(
            code="nothing_to_renew",
            message=_("A card in this state is not renewed."),
            clears=_("See first to what stopped or ended it."),
        )


def decide(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Keep the decision with what it costs; a card that may not just lapse is refused."""
    facts = _facts(step.case, asked)
    months = given.get("months") or MONTHS
    if given["decision"] == RenewalDecision.LAPSE and (reasons := list(against_lapsing(facts))):
        raise StepRefused(reasons=reasons)
    cost = keeping_cost(facts, months=months)
    learnt = {
        "decision": given["decision"],
        "months": months,
        "cost": cost.amount,
        "expected": new_last_day(facts, months=months).on,
    }
    remember(case=step.case, facts=learnt)
    return learnt


def ends_with(data: Mapping[str, Any]) -> str:
    """Return how a decision ends the case at once; a renewal goes on."""
    return ENDS.get(data["decision"], "")


def fits_calendar(facts: StepFacts) -> Iterable[Reason]:
    """Return why the day entered cannot be the new last day."""
    known = RenewalFacts(today=business_day(facts.now), expires_on=facts.card.expires_on)
    return unfit_date(known, facts.given["expires_on"])


def renewed(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Write the new last day on the card, and what it cost into the ledger."""
    before = step.case.card.expires_on
    new = given["expires_on"]
    edit_facts(card_id=step.case.card_id, changes={"expires_on": new}, actor=asked.actor, now=asked.now)
    learnt = {"expires_on": new, "paid": given.get("paid"), "channel": given["channel"], "before": before}
    remember(case=step.case, facts=learnt)
    entries = post_fee(
        step=step,
        amount=given.get("paid"),
        paid_from=given.get("paid_from") or PaidFrom.BALANCE,
        reference=str(_("Renewal")),
        at=asked.at,
        actor=asked.actor,
        now=asked.now,
    )
    return {**learnt, "entries": entries}


def refuse_other_end(case: Case, outcome: str, _asked: Asked) -> None:
    """Refuse an end that was not decided; to decide anew, the decision is opened again."""
    if outcome in ENDS.values() and outcome != ENDS.get(case.facts.get("decision", "")):
        raise ClosingRefused(reasons=[not_decided_so()])


def not_decided_so() -> Reason:
    """Return why a case does not end so."""
    return Reason(
        code="not_decided_so",
        message=_("This was not decided."),
        clears=_("Open the decision again and decide anew."),
        field="outcome",
    )


def go_on(case: Case, outcome: str, asked: Asked) -> None:
    """Open the cancellation that was decided, as a child."""
    if outcome != CaseOutcome.CANCELLED:
        return
    open_case(
        card_id=case.card_id,
        kind=CaseKind.CANCELLATION,
        reason=StopReason.UNUSED if case.kind == CaseKind.IDLE else StopReason.DEMAND_CHANGE,
        source=CaseSource.SYSTEM,
        note=asked.note,
        parent=case,
        actor=asked.actor,
        now=asked.now,
    )


def _facts(case: Case, asked: Asked) -> RenewalFacts:
    return renewal_facts([case.card_id], today=business_day(asked.now))[case.card_id]


def panel_facts(case: Case, _user: User) -> dict[str, Any]:
    """Return what speaks for each decision."""
    today = business_day(timezone.now())
    facts = renewal_facts([case.card_id], today=today)[case.card_id]
    return {
        "facts": facts,
        "cost": keeping_cost(facts, months=case.facts.get("months") or MONTHS),
        "new": new_last_day(facts, months=case.facts.get("months") or MONTHS),
        "silence": silences([case.card_id], today=today).get(case.card_id),
        "against_lapsing": list(against_lapsing(facts)),
        "decision": RenewalDecision(case.facts["decision"]).label if "decision" in case.facts else "",
    }


register(
    Kind(
        name=CaseKind.RENEWAL,
        label=_("Renewal"),
        icon="calendar-due",
        note=_("The validity of the card ends. Decide in time: renew, cancel in order, or let it lapse."),
        track=FUTURE,
        reasons=(StopReason.EXPIRED, CaseReason.PLANNED),
        outcomes=(
            CaseOutcome.KEPT,
            CaseOutcome.CANCELLED,
            CaseOutcome.LAPSED,
            CaseOutcome.WITHDRAWN,
        ),
        may_open=may_open,
        play=(
            Play(
                steps=(
                    StepSpec(
                        "decide",
                        _("Decide: renew, cancel or let it lapse"),
                        who=CLOSE,
                        evidence=StepEvidence.NOTE,
                        workdays=10,
                        help=_("Say why. To cancel opens the cancellation at once, with its own steps."),
                    ),
                    StepSpec(
                        "renewed",
                        _("Renew with the carrier and enter the new last day"),
                        evidence=StepEvidence.NOTE_OR_FILE,
                        workdays=10,
                        help=_("Attach the receipt or note its number."),
                    ),
                )
            ),
        ),
        acts={
            "decide": Act(form=DecideForm, perform=decide, ends=ends_with),
            "renewed": Act(form=RenewedForm, check=fits_calendar, perform=renewed, ends=lambda _data: CaseOutcome.KEPT),
        },
        early=frozenset({CaseOutcome.CANCELLED, CaseOutcome.LAPSED}),
        needs_before={CaseOutcome.CANCELLED: ("decide",), CaseOutcome.LAPSED: ("decide",)},
        fits={CaseOutcome.CANCELLED: LIVE},
        on_close=refuse_other_end,
        after_close=go_on,
        panel="lifecycle/cases/parts/renewal.html",
        panel_facts=panel_facts,
        order=40,
    )
)

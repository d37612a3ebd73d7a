"""Cancellation: from the intent over settlement, papers and the carrier's reply to the freeze (R9, R89-R93, R96-R108).

Contact, papers, submission, confirmation (R96); withdrawn or refused, the card is again what it was. What the steps do
is in `cancellation_acts`, what they ask for in `cancellation_forms`.
"""

from django.utils.translation import gettext_lazy as _

from cards.choices import ServiceState, StopReason
from lifecycle.choices import CaseKind, CaseOutcome, StepEvidence, StepStart
from lifecycle.playbooks import cancellation_acts as acts
from lifecycle.playbooks import cancellation_forms as forms
from lifecycle.playbooks.registry import APPROVE, FUTURE, Act, Kind, Paper, Play, StepSpec, register

REASONS = (
    StopReason.BUSINESS_CHANGE,
    StopReason.DEMAND_CHANGE,
    StopReason.UNUSED,
    StopReason.LOST,
    StopReason.STOLEN,
    StopReason.EXPIRED,
    StopReason.IDLE,
    StopReason.CARD_FAULT,
    StopReason.ARREARS,
    StopReason.HIGH_FEE,
    StopReason.REAL_NAME,
    StopReason.VOLUNTARY,
    StopReason.OTHER,
)
STEPS = (
    StepSpec(
        "intent",
        _("Confirm intent and impact"),
        workdays=2,
        help=_("Nobody needs the number any more, and nothing depends on it."),
    ),
    StepSpec("backup", _("Back up what is on the card"), workdays=2, help=_("Contacts and messages kept on the SIM.")),
    StepSpec(
        "settle",
        _("Settle the account"),
        evidence=StepEvidence.NOTE_OR_FILE,
        workdays=3,
        help=_("Balance, fees not billed yet, penalty. Attach the proof of what was paid."),
    ),
    StepSpec(
        "lock",
        _("Check the contract's term"),
        who=APPROVE,
        workdays=2,
        help=_("Within the term the number waits, or a second person accepts the penalty."),
    ),
    StepSpec(
        "papers",
        _("Gather the papers"),
        workdays=3,
        help=_("Choose the way, print the application, tick what is at hand."),
    ),
    StepSpec("submit", _("Submit the application"), evidence=StepEvidence.NOTE_OR_FILE, workdays=2),
    StepSpec(
        "confirmed",
        _("The carrier confirms"),
        evidence=StepEvidence.NOTE_OR_FILE,
        starts=StepStart.EXTERNAL,
        awaits=ServiceState.CANCELLED,
        workdays=7,
        help=_("Until then the number works; make no important calls with it."),
    ),
    StepSpec(
        "check",
        _("Call once more to check"),
        evidence=StepEvidence.NOTE,
        workdays=2,
        help=_("Call the carrier and the number itself; note who said what."),
    ),
    StepSpec("bill", _("Enter the final bill"), evidence=StepEvidence.NOTE_OR_FILE, workdays=35),
    StepSpec("end", _("Record the number as cancelled"), workdays=1, help=_("This cannot be undone.")),
)

register(
    Kind(
        name=CaseKind.CANCELLATION,
        label=_("Cancellation"),
        icon="file-x",
        note=_("Cancelling to apply anew may lose the number to somebody else. To pass it on, transfer it formally."),
        track=FUTURE,
        reasons=REASONS,
        outcomes=(CaseOutcome.CANCELLED, CaseOutcome.WITHDRAWN, CaseOutcome.REFUSED),
        may_open=acts.may_open,
        play=(Play(steps=STEPS),),
        acts={
            "intent": Act(form=forms.IntentForm, perform=acts.confirm_intent),
            "backup": Act(form=forms.BackupForm),
            "settle": Act(form=forms.SettleForm, perform=acts.settle),
            "lock": Act(form=forms.LockForm, perform=acts.unlock),
            "papers": Act(form=forms.PapersForm, perform=acts.gather),
            "submit": Act(form=forms.SubmitForm, perform=acts.submit),
            "bill": Act(form=forms.BillForm, perform=acts.bill),
            "end": Act(perform=acts.finish),
        },
        on_close=acts.close,
        irreversible=frozenset({"end"}),
        panel="lifecycle/cases/parts/cancellation.html",
        panel_facts=acts.panel,
        papers=(
            Paper(
                code="application",
                label=_("Cancellation application"),
                template="lifecycle/cases/papers/cancellation.html",
                facts=acts.application,
            ),
        ),
        order=50,
    )
)

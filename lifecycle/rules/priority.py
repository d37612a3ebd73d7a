"""What of a grave kind waits for somebody, and what to do first about each alert (design section 7: the board)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cards.choices import Severity, StopReason
from cards.rules.transitions import CONDUCT
from lifecycle.choices import AlertKind

GRAVE = (Severity.CRITICAL, Severity.HIGH)
GRAVEST_FIRST = {Severity.CRITICAL: 0, Severity.HIGH: 1, Severity.WARN: 2, Severity.INFO: 3}


@dataclass(frozen=True)
class NextAction:
    """What to do first: a code for the page that offers it, and the words on its button."""

    code: str
    label: Text


NEXT_ACTIONS: Mapping[str, NextAction] = {
    AlertKind.STOPPED: NextAction("swap", _("Give the agent another card")),
    AlertKind.SUSPENSION_RISK: NextAction("review", _("See what drives the risk")),
    AlertKind.ARREARS: NextAction("top_up", _("Ask for a top-up")),
    AlertKind.LOW_BALANCE: NextAction("top_up", _("Ask for a top-up")),
    AlertKind.FEE_SPIKE: NextAction("see_fees", _("See what cost so much")),
    AlertKind.CARD_EXPIRY: NextAction("decide", _("Renew or cancel")),
    AlertKind.CONTRACT_END: NextAction("decide_contract", _("Decide on the contract")),
    AlertKind.REAL_NAME_EXPIRY: NextAction("renew_proof", _("Renew the real-name proof")),
    AlertKind.TRAINING_EXPIRY: NextAction("train", _("Record a training")),
    AlertKind.TRAINING_LAPSED: NextAction("take_back_all", _("Take the cards back")),
    AlertKind.IDLE: NextAction("decide_idle", _("Use it or give it up")),
    AlertKind.APPROVAL: NextAction("decide_approval", _("Approve or refuse")),
    AlertKind.CARRIER_SIGNAL: NextAction("record_state", _("Ask the carrier, record the state")),
    AlertKind.REVERIFICATION: NextAction("reverify", _("Have the registrant verify")),
    AlertKind.SECRET_CHANGE: NextAction("change_secret", _("Change PIN and password")),
    AlertKind.CASE: NextAction("open_case", _("Go on with the case")),
    AlertKind.DESK: NextAction("open_matter", _("Go on with the matter")),
    AlertKind.CONNECTION: NextAction("open_connection", _("See to the connection")),
    AlertKind.LEAVER: NextAction("wind_up", _("Wind up the leaving")),
}

ACCEPTANCE = NextAction("acceptance", _("Remind the agent to accept"))
RETURN = NextAction("return", _("Take the card back"))
WAITED_FOR = frozenset({AlertKind.STOPPED, ACCEPTANCE.code, RETURN.code})

COMPLIANCE_FIRST = NextAction("release", _("Ask compliance for a release"))
STOPPED_BY: Mapping[str, NextAction] = {
    **dict.fromkeys(CONDUCT, COMPLIANCE_FIRST),
    StopReason.REVERIFICATION: NextAction("verify", _("Have the registrant verify")),
    StopReason.REAL_NAME: NextAction("verify", _("Have the registrant verify")),
    StopReason.ARREARS: NextAction("pay", _("Pay what is overdue")),
    StopReason.HIGH_FEE: NextAction("pay", _("Pay what is overdue")),
}
OPEN_A_CASE = NextAction("new_case", _("Open a case"))
GO_ON = NEXT_ACTIONS[AlertKind.CASE]


def next_action(kind: str, *, stop_reason: str = "") -> NextAction:
    """Return what to do first about an alert.

    A card stopped for its owner's conduct is never simply swapped for a spare: compliance comes first
    (domain.md section 7, refusal 9).
    """
    if kind == AlertKind.STOPPED and stop_reason:
        return STOPPED_BY.get(stop_reason, NEXT_ACTIONS[AlertKind.STOPPED])
    return NEXT_ACTIONS[kind]

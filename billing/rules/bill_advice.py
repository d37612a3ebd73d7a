"""What each kind of difference means, and what to do next."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from billing.choices import DifferenceKind
from cardfleet.kernel.errors import Text

ADVICE: Mapping[str, Text] = {
    DifferenceKind.WRONG_FEE: _(
        "The fixed fee is above the price of the card's plan. Are our prices right? Then dispute it."
    ),
    DifferenceKind.WRONG_PLAN: _(
        "The fee is that of another plan. Was the plan changed? Correct it on the card, else dispute it."
    ),
    DifferenceKind.CALL_MISSING_IN_DETAIL: _(
        "More is billed for calls than the detail lists. Import the whole detail of the month, check again, then ask "
        "the carrier for the calls."
    ),
    DifferenceKind.CALL_OVERCHARGED: _(
        "A call costs more than its price and length give. Compare the tariff of the plan, then dispute it."
    ),
    DifferenceKind.DUPLICATE_CALL: _("The same call is charged twice within itself. Dispute the second."),
    DifferenceKind.DOUBLE_BILLING: _("The same item of the card stands twice on the bill. Dispute the second."),
    DifferenceKind.ZERO_USE_CHARGED: _("Calls are billed for a card that made none in the month. Dispute it."),
    DifferenceKind.CHARGED_AFTER_CANCELLATION: _(
        "The card was cancelled before the month. Dispute it with the receipt of the cancellation."
    ),
    DifferenceKind.CHARGED_WHILE_STOPPED: _(
        "The card was stopped all month, when its contract asks for no fee. Dispute it, or record the fee that "
        "keeps the number."
    ),
    DifferenceKind.USE_OVERCHARGED: _(
        "More is billed for messages or data than what was counted costs. Compare the count and the plan's prices, "
        "then dispute it."
    ),
    DifferenceKind.LATE_FEE_TOO_HIGH: _(
        "A late fee is 3 per mille a day of what was overdue. Compare the days of payment, then dispute what is beyond."
    ),
    DifferenceKind.UNKNOWN_CARD: _(
        "No card of the fleet has this number. Import the card if it is ours, else dispute it."
    ),
    DifferenceKind.LATE_FROM_MONTH_BEFORE: _(
        "The carrier brings it late; it belongs to the month before. Accept it if that bill lacked it."
    ),
    DifferenceKind.ITEMS_DO_NOT_ADD_UP: _(
        "The items do not give the total that is stated. Look for a column left out; else ask for a corrected bill."
    ),
    DifferenceKind.UNORDERED_VALUE_ADDED: _(
        "This service was on no accepted bill of the card. Ask its holder; have it cancelled and refunded if nobody "
        "ordered it."
    ),
    DifferenceKind.BILLED_TOO_LITTLE: _("Less is billed than expected; it may come late on the next bill."),
    DifferenceKind.UNUSED_CARD: _(
        "The fee is right, but the card had no call all month. Hand it out, stop it or end it."
    ),
    DifferenceKind.ROUNDING: _("A few fen from rounding. Nothing to do."),
    DifferenceKind.RECKONED_SINCE: _(
        "Calls or prices that came after the bill was accepted say something else. The ledger stays with the bill: "
        "dispute what is billed too much, or reopen the bill and check it again."
    ),
}

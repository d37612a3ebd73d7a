"""Vocabulary of carriers' bills, their check and disputes (domain.md, section 6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BillItem(models.TextChoices):
    """What a carrier charges for, as bills of Mobile, Unicom and Telecom name it."""

    MONTHLY_FEE = "monthly_fee", _("Plan and fixed fees")
    VOICE = "voice", _("Calls beyond the plan")
    DATA = "data", _("Data beyond the plan")
    SMS = "sms", _("Messages beyond the plan")
    VALUE_ADDED = "value_added", _("Value-added services")
    AGENCY = "agency", _("Collected for others")
    MINIMUM = "minimum", _("Top-up to the minimum spend")
    LATE_FEE = "late_fee", _("Late fee")
    DISCOUNT = "discount", _("Discount or compensation")
    OTHER = "other", _("Other item")


class BillColumn(models.TextChoices):
    """What a column of a statement may hold beside an item."""

    NUMBER = "number", _("Number")
    MONTH = "month", _("Billed month")
    ITEM = "item", _("Name of the item")
    AMOUNT = "amount", _("Amount of the item")
    QUANTITY = "quantity", _("Quantity")
    TOTAL = "total", _("Total of the row")


class StatementState(models.TextChoices):
    """Where a file of bills is."""

    RECEIVED = "received", _("to be looked at")
    PENDING = "pending", _("being imported")
    STORED = "stored", _("imported")
    FAILED = "failed", _("not imported")
    PUT_AWAY = "put_away", _("put away")


class BillState(models.TextChoices):
    """What we say to a bill."""

    CHECKED = "checked", _("checked, not accepted")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("taken back")


class DifferenceKind(models.TextChoices):
    """What is wrong with an amount of a bill. The last five ask for a look; they are no errors by themselves."""

    WRONG_FEE = "wrong_fee", _("Fee differs from the plan's")
    WRONG_PLAN = "wrong_plan", _("Fee of another plan")
    CALL_MISSING_IN_DETAIL = "call_missing_in_detail", _("Call billed that the detail lacks")
    CALL_OVERCHARGED = "call_overcharged", _("Call charged too high")
    DUPLICATE_CALL = "duplicate_call", _("Call charged twice")
    DOUBLE_BILLING = "double_billing", _("Item billed twice")
    ZERO_USE_CHARGED = "zero_use_charged", _("Use charged without use")
    CHARGED_AFTER_CANCELLATION = "charged_after_cancellation", _("Charged after cancellation")
    CHARGED_WHILE_STOPPED = "charged_while_stopped", _("Fee of a month of suspension")
    USE_OVERCHARGED = "use_overcharged", _("Messages or data charged too high")
    LATE_FEE_TOO_HIGH = "late_fee_too_high", _("Late fee above what was overdue")
    UNKNOWN_CARD = "unknown_card", _("Number that is not ours")
    LATE_FROM_MONTH_BEFORE = "late_from_month_before", _("Late from the month before")
    ITEMS_DO_NOT_ADD_UP = "items_do_not_add_up", _("Items do not add up")
    UNORDERED_VALUE_ADDED = "unordered_value_added", _("Service new on the bill")
    BILLED_TOO_LITTLE = "billed_too_little", _("Billed less than expected")
    UNUSED_CARD = "unused_card", _("Fee of a card without use")
    ROUNDING = "rounding", _("Rounding")
    RECKONED_SINCE = "reckoned_since", _("Own reckoning since acceptance")


# Kinds that ask for a look; what is billed may be right.
REMARKS = frozenset(
    {
        DifferenceKind.UNORDERED_VALUE_ADDED,
        DifferenceKind.BILLED_TOO_LITTLE,
        DifferenceKind.UNUSED_CARD,
        DifferenceKind.ROUNDING,
        DifferenceKind.RECKONED_SINCE,
    }
)


class DifferenceState(models.TextChoices):
    """What became of a difference."""

    OPEN = "open", _("open")
    DISPUTED = "disputed", _("disputed")
    ACCEPTED = "accepted", _("accepted")
    SETTLED = "settled", _("settled with the carrier")


class DisputeState(models.TextChoices):
    """What came of a complaint about a bill."""

    OPEN = "open", _("waits for the carrier")
    CREDITED = "credited", _("credited")
    PARTLY = "partly", _("partly credited")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")

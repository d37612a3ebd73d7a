"""Vocabulary of accounts and the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """Whether a carrier account is of one card, shared by many (集团统付), or a wallet that pays for no card itself."""

    CARD = "card", _("One card")
    SHARED = "shared", _("Shared by many cards")
    WALLET = "wallet", _("Company's wallet")


class EntryKind(models.TextChoices):
    """What a ledger entry is for. Charges are negative, money paid in is positive.

    `MINIMUM` is what a plan's minimum spend lacked; `TRANSFER` a leg of money moved between accounts and wallets.
    """

    OPENING = "opening", _("Opening balance")
    TOP_UP = "top_up", _("Top-up")
    MONTHLY_FEE = "monthly_fee", _("Monthly fee")
    USAGE = "usage", _("Calls")
    OUT_OF_BUNDLE = "out_of_bundle", _("Out of bundle")
    SMS = "sms", _("Text messages")
    DATA = "data", _("Mobile data")
    VALUE_ADDED = "value_added", _("Value-added service")
    LATE_FEE = "late_fee", _("Late fee")
    MINIMUM = "minimum", _("Up to minimum spend")
    PENALTY = "penalty", _("Contract penalty")
    OTHER_CHARGE = "other_charge", _("Other charge")
    REFUND = "refund", _("Refund")
    TRANSFER = "transfer", _("Transfer of balance")
    ADJUSTMENT = "adjustment", _("Adjustment")
    REVERSAL = "reversal", _("Reversal")


# What the keys begin with of entries that hold account and month to their accepted bill.
HELD_TO = "held:"
# What costs. A reversal costs what it takes back did; money paid in, paid out or moved costs nothing.
COST_KINDS = frozenset(
    {
        EntryKind.MONTHLY_FEE,
        EntryKind.USAGE,
        EntryKind.OUT_OF_BUNDLE,
        EntryKind.SMS,
        EntryKind.DATA,
        EntryKind.VALUE_ADDED,
        EntryKind.LATE_FEE,
        EntryKind.MINIMUM,
        EntryKind.PENALTY,
        EntryKind.OTHER_CHARGE,
        EntryKind.ADJUSTMENT,
    }
)
# What a person may post by hand: paid in, charged (entered above zero), or a signed correction.
CHARGED_BY_HAND = (
    EntryKind.OTHER_CHARGE,
    EntryKind.OUT_OF_BUNDLE,
    EntryKind.SMS,
    EntryKind.DATA,
    EntryKind.VALUE_ADDED,
    EntryKind.LATE_FEE,
    EntryKind.MINIMUM,
    EntryKind.PENALTY,
)
BY_HAND = (EntryKind.TOP_UP, *CHARGED_BY_HAND, EntryKind.ADJUSTMENT)


class ReadingSource(models.TextChoices):
    """Where a balance was read."""

    APP = "app", _("Carrier app or site")
    SMS = "sms", _("Carrier message")
    FILE = "file", _("File")
    CARRIER = "carrier", _("Carrier's interface")
    TAKEOVER = "takeover", _("Take-over")
    PERSON = "person", _("Entered by a person")

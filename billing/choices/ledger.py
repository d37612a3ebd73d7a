"""Vocabulary of accounts and the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """Whether a carrier account is of one card or shared by many (集团统付)."""

    CARD = "card", _("One card")
    SHARED = "shared", _("Shared by many cards")


class EntryKind(models.TextChoices):
    """What a ledger entry is for. Charges are negative, money paid in is positive."""

    OPENING = "opening", _("Opening balance")
    TOP_UP = "top_up", _("Top-up")
    MONTHLY_FEE = "monthly_fee", _("Monthly fee")
    USAGE = "usage", _("Calls")
    OTHER_CHARGE = "other_charge", _("Other charge")
    REFUND = "refund", _("Refund")
    ADJUSTMENT = "adjustment", _("Adjustment")
    REVERSAL = "reversal", _("Reversal")


class ReadingSource(models.TextChoices):
    """Where a balance was read."""

    APP = "app", _("Carrier app or site")
    SMS = "sms", _("Carrier message")
    FILE = "file", _("File")
    TAKEOVER = "takeover", _("Take-over")
    PERSON = "person", _("Entered by a person")

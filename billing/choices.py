"""Vocabulary of usage and money."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceRole(models.TextChoices):
    """What a usage source is worth: the carrier's charges count; the others see calls the carrier may not list."""

    CARRIER = "carrier", _("Carrier")
    SWITCH = "switch", _("Switch (PBX)")
    PHONE = "phone", _("Phone")
    LIVE = "live", _("Live feed")


class CallDirection(models.TextChoices):
    """Which way a call went."""

    OUT = "out", _("Outgoing")
    IN = "in", _("Incoming")


class BatchState(models.TextChoices):
    """Where a usage batch is."""

    PENDING = "pending", _("Waiting")
    STORED = "stored", _("Stored")
    FAILED = "failed", _("Failed")
    REVOKED = "revoked", _("Revoked")


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

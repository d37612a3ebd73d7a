"""Vocabulary of stopped cards: suspension, loss and fault."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StopGroup(models.TextChoices):
    """Stops that are ended the same way."""

    MONEY = "money", _("Unpaid or too dear")
    CONDUCT = "conduct", _("For how it was used")
    IDENTITY = "identity", _("For who it is registered to")
    WORKS = "works", _("Works of the carrier")
    PLASTIC = "plastic", _("Faulty or expired card")
    LOST = "lost", _("Lost or stolen")
    UNKNOWN = "unknown", _("Nobody knows yet")


class CustomerChannel(models.TextChoices):
    """How customers are reached while a number is stopped (R53)."""

    WECHAT = "wechat", _("WeChat, added by the customer")
    EMAIL = "email", _("E-mail")
    MESSAGE = "message", _("Text message of the company's own service")
    VISIT = "visit", _("Visit or meeting")
    INCOMING = "incoming", _("The customer calls our published line")
    OTHER_CARD = "other_card", _("Another card of the company")


class DowntimeBy(models.TextChoices):
    """What the downtime report is split by."""

    CARRIER = "carrier", _("Carrier")
    REASON = "reason", _("Reason")
    TEAM = "team", _("Team")


class Area(models.TextChoices):
    """Where a fault is: the law gives the carrier longer outside cities (电信条例 art. 32)."""

    CITY = "city", _("City")
    RURAL = "rural", _("Countryside")


class FaultKind(models.TextChoices):
    """What does not work (R32)."""

    NO_CALLS_OUT = "no_calls_out", _("Cannot call")
    NO_CALLS_IN = "no_calls_in", _("Cannot be called")
    NO_TOP_UP = "no_top_up", _("Cannot be topped up")
    NO_SIGNAL = "no_signal", _("No signal")
    DROPS = "drops", _("Calls drop")
    NOISE = "noise", _("Noise on the line")
    UNREADABLE = "unreadable", _("The phone does not read the SIM")
    OTHER = "other", _("Something else")


class QualityCause(models.TextChoices):
    """What was wrong with calls (R77, R78)."""

    DROPPED = "dropped", _("Calls dropped")
    NOISE = "noise", _("Noise")
    ONE_WAY = "one_way", _("Only one side is heard")
    ECHO = "echo", _("Echo or delay")
    SIGNAL = "signal", _("Weak signal")
    OTHER = "other", _("Something else")


class LostWith(models.TextChoices):
    """What lay on a lost card, or was lost together with it (R50)."""

    CONTACTS = "contacts", _("Contacts on the card")
    MESSAGES = "messages", _("Messages on the card")
    ACCOUNTS = "accounts", _("Accounts bound to the number")
    PHONE = "phone", _("The phone as well")
    CUSTOMERS = "customers", _("Customers’ data in the phone")


class LossMeasure(models.TextChoices):
    """What is done after a loss, by what was lost (R50)."""

    CALLS = "calls", _("Look through the calls since the loss for misuse")
    CODES = "codes", _("Stop codes and messages to the number: tell every service that sends them")
    UNBIND = "unbind", _("Unbind payment, WeChat and office accounts, change their passwords")
    LOCK = "lock", _("Lock the phone from afar, sign its apps out, erase it")
    WARN = "warn", _("Warn the people in the contacts of calls in our name")
    BREACH = "breach", _("Tell compliance of a leak of personal data; they tell those concerned")
    POLICE = "police", _("Report the theft to the police and keep the receipt")
    BACKUP = "backup", _("Bring contacts back from the last backup")


class LossWay(models.TextChoices):
    """How a loss goes on."""

    REISSUE = "reissue", _("New SIM, same number")
    FOUND = "found", _("It was found")
    CANCEL = "cancel", _("Cancel the number")

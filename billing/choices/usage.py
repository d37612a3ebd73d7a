"""Vocabulary of call records and of the files they come in."""

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

    RECEIVED = "received", _("To be started")
    PENDING = "pending", _("Waiting")
    STORED = "stored", _("Stored")
    FAILED = "failed", _("Failed")
    REVOKED = "revoked", _("Revoked")


class Expectation(models.TextChoices):
    """What span of days a source delivers at once."""

    MONTHLY = "monthly", _("Every month")
    WEEKLY = "weekly", _("Every week")
    DAILY = "daily", _("Every day")


class UsageValue(models.TextChoices):
    """What a column of call records may hold."""

    STARTED = "started", _("Start")
    CLOCK = "clock", _("Time of day, beside a start that is a date")
    DIRECTION = "direction", _("Outgoing or incoming")
    COUNTERPART = "counterpart", _("Other number")
    DURATION = "duration", _("Duration")
    OWN = "own", _("Own number or extension")
    ICCID = "iccid", _("ICCID of the card")
    IMSI = "imsi", _("IMSI of the card")
    FEE = "fee", _("Fee")
    ANSWERED = "answered", _("Answered")
    UID = "uid", _("Id of the call")


class TimeSpelling(models.TextChoices):
    """How a column of times is written, where the text alone does not say."""

    PLAIN = "plain", _("As it stands: year, month, day, or a number")
    DAY_FIRST = "day_first", _("Day first: 22/11/2026 08:05")
    MONTH_FIRST = "month_first", _("Month first: 11/22/2026 08:05")
    UTC = "utc", _("In UTC, eight hours behind Shanghai")


class DurationSpelling(models.TextChoices):
    """What a bare number in a column of durations counts."""

    SECONDS = "seconds", _("Seconds, or a spelling such as 3:12")
    MINUTES = "minutes", _("Minutes, with decimals")
    MILLISECONDS = "milliseconds", _("Milliseconds")


class FeeUnit(models.TextChoices):
    """What a bare number in a column of fees counts."""

    YUAN = "yuan", _("Yuan")
    FEN = "fen", _("Fen (1/100 yuan)")
    LI = "li", _("Li (1/1000 yuan)")


class SignalMeaning(models.TextChoices):
    """What a failure code says of the card that called."""

    STOPPED = "stopped", _("The caller is stopped")
    FROZEN = "frozen", _("The caller is frozen")
    BARRED = "barred", _("Outgoing calls are barred")
    FREQUENCY = "frequency", _("Frequency control")
    BLACKLISTED = "blacklisted", _("On a black list")
    CALLEE_STOPPED = "callee_stopped", _("The callee is stopped")
    VACANT = "vacant", _("The number does not exist")
    DROPPED = "dropped", _("The call was dropped")


class RejectCode(models.TextChoices):
    """Why a row of a usage file was refused, in the words of the rules that read it."""

    ROW_SHORT = "row_short", _("The row has fewer cells than the header. Was the file cut off here?")
    ROW_LONG = "row_long", _("The row has more cells than the header, so its values may be displaced. Correct it.")
    MISSING = "missing", _("The cell is empty. Fill it in.")
    FORMULA = "formula", _("The cell holds a formula. Replace it with its value and send the row again.")
    MANGLED = (
        "mangled_by_spreadsheet",
        _("A spreadsheet rounded this number. Format the column as text and fill it in again."),
    )
    TIME = "time_unreadable", _("This is not a time. Write it like 2026-11-22 08:05:09.")
    NO_SUCH_TIME = "no_such_time", _("No clock shows this time. Correct the hour or minute.")
    NO_SUCH_DAY = "no_such_day", _("No calendar has this day. Correct the date.")
    YEAR_MISSING = "year_missing", _("The year is missing. Say which month the file covers.")
    YEAR_OUT_OF_RANGE = "year_out_of_range", _("The year is out of range. Correct the date.")
    DIRECTION = "direction_unreadable", _("This is neither outgoing nor incoming. Write out or in.")
    DURATION = "duration_unreadable", _("This is not a duration. Write seconds or 00:03:12, without letters.")
    DURATION_TOO_LONG = (
        "duration_too_long",
        _("No call lasts longer than a day. Is this a total row or another unit?"),
    )
    AMOUNT = "amount_unreadable", _("This is not an amount in yuan. Write it like 12.50.")
    NEGATIVE_AMOUNT = "negative_amount", _("An amount below zero cannot stand here. Correct it.")
    AMOUNT_TOO_LARGE = "amount_too_large", _("The amount is too large. Check the unit: yuan, not fen.")
    COUNTERPART = "counterpart_unreadable", _("The other party is not a phone number. Correct it.")
    ANSWERED = "answered_unreadable", _("Write yes or no for whether the call was answered.")
    MSISDN = "msisdn_unreadable", _("This is not a Chinese mobile number of 11 digits. Write it like 13812345678.")
    NUMBER_MASKED = "number_masked", _("The number is masked. Send a list with whole numbers.")
    ICCID = "iccid_unreadable", _("An ICCID begins with 89 and has 19 or 20 digits or letters. Copy it from the card.")
    UNKNOWN_CARD = (
        "unknown_card",
        _("No card has this number, and no name of the source means one then. Import the card, or correct the number."),
    )
    UNKNOWN_EXTENSION = (
        "unknown_extension",
        _("Nothing says whose this extension or trunk is. Give it a meaning under aliases, then import the row again."),
    )
    AMBIGUOUS_CARD = (
        "ambiguous_card",
        _("The agent of this extension held several cards then. Let the extension mean the card instead."),
    )
    AGENT_WITHOUT_CARD = (
        "agent_without_card",
        _("The agent of this extension held no card then. Correct the hand-out, or let the extension mean a card."),
    )
    MONTH_DROPPED = (
        "month_dropped",
        _("The calls of that month were dropped when their retention ended, and late ones are not taken in."),
    )

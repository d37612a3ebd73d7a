"""Vocabulary of cases, whatever their kind."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseKind(models.TextChoices):
    """What a case is about; `lifecycle/playbooks` holds one file a kind."""

    SUSPENSION = "suspension", _("Suspension")
    REVERIFICATION = "reverification", _("Re-verification case")
    LOSS = "loss", _("Loss or theft")
    FAULT = "fault", _("Fault case")
    RENEWAL = "renewal", _("Renewal")
    IDLE = "idle", _("Use it or release it")
    CANCELLATION = "cancellation", _("Cancellation")
    DESTRUCTION = "destruction", _("Destruction")
    NUMBER_CHANGE = "number_change", _("Number change")
    TRANSFER = "transfer", _("Formal transfer")
    USER_CHANGE = "user_change", _("Change of user")
    PLAN_CHANGE = "plan_change", _("Change of plan")
    PORT_OUT = "port_out", _("Porting out")
    MARK_APPEAL = "mark_appeal", _("Appeal against a mark")
    NUMBER_REVIEW = "number_review", _("Number review")
    DRILL = "drill", _("Switch-over drill")


class CaseSource(models.TextChoices):
    """How a case came about."""

    PERSON = "person", _("Opened by hand")
    AGENT = "agent", _("Reported by an agent")
    IMPORT = "import", _("Import of carrier states")
    SIGNAL = "signal", _("Signal in usage")
    SYSTEM = "system", _("CardFleet, by date")


class CaseOutcome(models.TextChoices):
    """How a case ended."""

    RESTORED = "restored", _("Restored")
    REPLACED = "replaced", _("Replaced")
    CANCELLED = "cancelled", _("Cancelled")
    KEPT = "kept", _("Kept")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFUSED = "refused", _("Turned down")
    TRANSFERRED = "transferred", _("Transferred")
    PORTED_OUT = "ported_out", _("Ported out")
    DESTROYED = "destroyed", _("Destroyed")
    CORRECTED = "corrected", _("Corrected")
    LAPSED = "lapsed", _("Lapsed")


class CaseReason(models.TextChoices):
    """Why a case was opened, where no reason of a stop says it."""

    UNKNOWN = "unknown", _("Cause not known yet")
    PLANNED = "planned", _("By plan")
    WRONG_MARK = "wrong_mark", _("Wrong mark")


class EscalationLevel(models.IntegerChoices):
    """Who is asked about a case (R18, R19, R54)."""

    OWN = 0, _("Ourselves")
    SUPPORT = 1, _("Carrier support")
    TECHNICAL = 2, _("Carrier's technical support")
    LEGAL = 3, _("Legal advice")


class StepState(models.TextChoices):
    """Where a step of a case is. A half-done one waits for its second person."""

    WAITING = "waiting", _("Not yet")
    OPEN = "open", _("To be done")
    HALF_DONE = "half_done", _("Waits for a second person")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Left out")
    VOID = "void", _("Put right")


class StepEvidence(models.TextChoices):
    """What a step leaves as proof."""

    NONE = "none", _("None")
    NOTE = "note", _("A note")
    FILE = "file", _("A file")
    NOTE_OR_FILE = "note_or_file", _("A note or a file")


class StepStart(models.TextChoices):
    """When the clock of a step begins to run."""

    OPENING = "opening", _("With the case")
    PREVIOUS = "previous", _("When it can be done")
    EXTERNAL = "external", _("When it can be done; others answer")


class ClockUnit(models.TextChoices):
    """What the clock of a step counts."""

    HOURS = "hours", _("Hours")
    WORKDAYS = "workdays", _("Working days")


class ContactChannel(models.TextChoices):
    """How somebody was reached."""

    HOTLINE = "hotline", _("Hotline")
    OUTLET = "outlet", _("Carrier outlet")
    APP = "app", _("App or website")
    MANAGER = "manager", _("Account manager")
    MAIL = "mail", _("E-mail or letter")
    MESSAGE = "message", _("Message")
    LAWYER = "lawyer", _("Lawyer")


class SlaState(models.TextChoices):
    """How a case stands against its clock."""

    LATE = "late", _("Late")
    SOON = "soon", _("Due soon")
    IN_TIME = "in_time", _("In time")
    NO_CLOCK = "no_clock", _("No clock")


class CaseColumn(models.TextChoices):
    """What an open case waits for: the columns of the case board, and the ended ones."""

    NEW = "new", _("New")
    OURS = "ours", _("Ours to do")
    OTHERS = "others", _("Others answer")
    SECOND = "second", _("Second person")
    ENDING = "ending", _("To be closed")
    ENDED = "ended", _("Ended")

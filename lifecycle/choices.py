"""Vocabulary of findings, risk and alerts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertState(models.TextChoices):
    """Where an alert is. An acknowledged one is still open: its cause is still there."""

    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    CLOSED = "closed", _("Closed")


class AlertDeed(models.TextChoices):
    """What people do about alerts."""

    ACKNOWLEDGE = "acknowledge", _("I see to it")
    SNOOZE = "snooze", _("Let it rest")
    ASSIGN = "assign", _("Assign")
    PUT_BACK = "put_back", _("Put back into the queue")
    COMMENT = "comment", _("Comment")


class NoticeKind(models.TextChoices):
    """What a carrier announces."""

    MAINTENANCE = "maintenance", _("Maintenance")
    FAULT = "fault", _("Network fault")
    POLICY = "policy", _("Change of rules")
    OTHER = "other", _("Other")


class AlertKind(models.TextChoices):
    """What an alert is about: one open alert a card and kind."""

    STOPPED = "stopped", _("Stopped")
    SUSPENSION_RISK = "suspension_risk", _("Risk of suspension")
    ARREARS = "arrears", _("Arrears")
    LOW_BALANCE = "low_balance", _("Low balance")
    CARD_EXPIRY = "card_expiry", _("Card about to expire")
    CONTRACT_END = "contract_end", _("Contract about to end")
    REAL_NAME_EXPIRY = "real_name_expiry", _("Real-name proof about to expire")
    TRAINING_EXPIRY = "training_expiry", _("Training about to lapse")
    IDLE = "idle", _("Unused for long")
    CARRIER_SIGNAL = "carrier_signal", _("Sign of a stop")
    REVERIFICATION = "reverification", _("Re-verification due")
    APPROVAL = "approval", _("Approval wanted")
    CASE = "case", _("Case waits too long")


class KeepVerdict(models.TextChoices):
    """What the facts advise about a number; a person decides (R99)."""

    KEEP = "keep", _("Keep it in use")
    SPARE = "spare", _("Keep it as a spare")
    WAIT = "wait", _("Give it up later")
    CANCEL = "cancel", _("Give it up now")


class Side(models.TextChoices):
    """What a fact speaks for."""

    KEEP = "keep", _("Speaks for keeping")
    CANCEL = "cancel", _("Speaks for giving up")


class CancelChannel(models.TextChoices):
    """How a number is cancelled with its carrier (R89, R90)."""

    WEB_APP = "web_app", _("Carrier's site or app")
    HOTLINE = "hotline", _("Carrier's hotline")
    OUTLET = "outlet", _("Carrier's outlet")


class DestructionMethod(models.TextChoices):
    """How plastic is destroyed. Degaussing is listed to be refused with the reason (R17, C10)."""

    CUT = "cut", _("Cut through the chip")
    SHRED = "shred", _("Shredded")
    DEGAUSS = "degauss", _("Degaussed")


class GroupKind(models.TextChoices):
    """Whose calls count together, however many cards they are split over."""

    AGENT = "agent", _("Agent")
    TEAM = "team", _("Team")
    CAMPAIGN = "campaign", _("Campaign")
    ENTITY = "entity", _("Legal entity")


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


class RiskBand(models.TextChoices):
    """How near a card is to a stop: 0-39, 40-69, 70-100."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class CalendarKind(models.TextChoices):
    """What a day is, where it is not what its weekday says."""

    HOLIDAY = "holiday", _("Public holiday")
    WORKDAY = "workday", _("Working day for a holiday")


class DayKind(models.TextChoices):
    """What a day is."""

    WORKDAY = "workday", _("Working day")
    WEEKEND = "weekend", _("Weekend")
    HOLIDAY = "holiday", _("Public holiday")


class RenewalDecision(models.TextChoices):
    """What becomes of a card whose validity ends (R15)."""

    RENEW = "renew", _("Renew")
    CANCEL = "cancel", _("Cancel it in order")
    LAPSE = "lapse", _("Let it lapse")


class IdleDecision(models.TextChoices):
    """What becomes of a card that nobody uses (R100, R102)."""

    USE = "use", _("Use it genuinely")
    RELEASE = "release", _("Release it")


class TransferTo(models.TextChoices):
    """In whose name a number goes: never an outsider's (R74)."""

    COMPANY = "company", _("Into the company's own name")
    STAFF = "staff", _("To one of our own people")


class ReportKind(models.TextChoices):
    """Who speaks against a number."""

    COMPLAINT = "complaint", _("Complaint")
    NOTIFIED = "notified", _("Notified by carrier or authority")


class NoticeChannel(models.TextChoices):
    """How a customer is told that a number changed."""

    SMS = "sms", _("Short message")
    EMAIL = "email", _("E-mail")


class NoticeResult(models.TextChoices):
    """What came of telling somebody, as a person recorded it."""

    WAITING = "waiting", _("To be told")
    SENT = "sent", _("Told")
    FAILED = "failed", _("Not reached")
    REFUSED = "refused", _("Wants no further messages")


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

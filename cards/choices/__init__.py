"""Vocabulary of cards: the three axes of domain.md section 4 and the reference data around them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceState(models.TextChoices):
    """The carrier's view of a card."""

    PENDING = "pending", _("Not activated")
    ACTIVE = "active", _("In service")
    HALF_STOP = "half_stop", _("One-way stop")
    FULL_STOP = "full_stop", _("Two-way stop")
    VOLUNTARY_STOP = "voluntary_stop", _("Voluntary stop")
    LOST_STOP = "lost_stop", _("Reported lost")
    FORCED_STOP = "forced_stop", _("Forced stop")
    REVERIFY_STOP = "reverify_stop", _("Re-verification stop")
    CANCEL_PENDING = "cancel_pending", _("Cancellation under way")
    PRE_CANCELLED = "pre_cancelled", _("Pre-cancelled")
    CANCELLED = "cancelled", _("Cancelled")
    FROZEN = "frozen", _("Number frozen")
    RELEASED = "released", _("Number released")
    PORTED_OUT = "ported_out", _("Ported out")
    TRANSFERRED = "transferred", _("Transferred")


STOPPED = frozenset(
    {
        ServiceState.HALF_STOP,
        ServiceState.FULL_STOP,
        ServiceState.VOLUNTARY_STOP,
        ServiceState.LOST_STOP,
        ServiceState.FORCED_STOP,
        ServiceState.REVERIFY_STOP,
        ServiceState.PRE_CANCELLED,
    }
)
GONE_ELSEWHERE = {ServiceState.PORTED_OUT, ServiceState.TRANSFERRED}
ENDED = frozenset({ServiceState.CANCELLED, ServiceState.FROZEN, ServiceState.RELEASED, *GONE_ELSEWHERE})


class StopReason(models.TextChoices):
    """Why a carrier stopped a card, or why it was given up (seeds 001 and 003; R34-R40, R93)."""

    ARREARS = "arrears", _("Arrears")
    HIGH_FEE = "high_fee", _("High fee")
    VIOLATION = "violation", _("Violation of carrier rules")
    COMPLAINT = "complaint", _("Complaints")
    HARASSMENT = "harassment", _("Nuisance calls")
    ABNORMAL_USE = "abnormal_use", _("Abnormal use")
    FRAUD_MODEL = "fraud_model", _("Hit by the carrier's fraud model")
    AUTHORITY = "authority", _("Order of an authority")
    REAL_NAME = "real_name", _("Real-name registration not in order")
    REVERIFICATION = "reverification", _("Second verification missed")
    MAINTENANCE = "maintenance", _("Carrier maintenance")
    CARD_FAULT = "card_fault", _("Faulty card")
    EXPIRED = "expired", _("Expired")
    IDLE = "idle", _("Unused too long")
    NOT_ACTIVATED = "not_activated", _("Not activated in time")
    VOLUNTARY = "voluntary", _("At our own request")
    LOST = "lost", _("Lost")
    STOLEN = "stolen", _("Stolen")
    BUSINESS_CHANGE = "business_change", _("Business change")
    DEMAND_CHANGE = "demand_change", _("Demand change")
    UNUSED = "unused", _("No longer used")
    OTHER = "other", _("Other")


class CustodyState(models.TextChoices):
    """Where the plastic is."""

    IN_STOCK = "in_stock", _("In stock")
    SPARE = "spare", _("Spare")
    ISSUED = "issued", _("Issued")
    RETURN_DUE = "return_due", _("Return due")
    RETURNED = "returned", _("Returned")
    RESTING = "resting", _("Resting")
    FAULTY = "faulty", _("Faulty")
    MISSING = "missing", _("Missing")
    DESTROYED = "destroyed", _("Destroyed")


class Axis(models.TextChoices):
    """Which of the independent states a change is about."""

    SERVICE = "service", _("Service")
    CUSTODY = "custody", _("Custody")


class ChangeSource(models.TextChoices):
    """Where the knowledge of a change came from."""

    CARRIER_SMS = "carrier_sms", _("Carrier message")
    CARRIER_APP = "carrier_app", _("Carrier app or site")
    CARRIER_CALL = "carrier_call", _("Call with the carrier")
    OUTLET = "outlet", _("Carrier outlet")
    IMPORT = "import", _("Import")
    CARRIER = "carrier", _("Carrier's interface")
    TAKEOVER = "takeover", _("Take-over")
    PERSON = "person", _("Entered by a person")
    SYSTEM = "system", _("CardFleet")


class CarrierKind(models.TextChoices):
    """Whether a carrier owns its network."""

    MNO = "mno", _("Base carrier")
    MVNO = "mvno", _("Virtual operator (MVNO)")


class Payment(models.TextChoices):
    """When a plan is paid."""

    PREPAID = "prepaid", _("Prepaid")
    POSTPAID = "postpaid", _("Postpaid")


class NoticeUnit(models.TextChoices):
    """In what a contract's notice period is counted."""

    DAYS = "days", _("Days")
    MONTHS = "months", _("Months")


class RegistrantKind(models.TextChoices):
    """Who a number is registered to."""

    PERSON = "person", _("Person")
    COMPANY = "company", _("Company")


class RealNameState(models.TextChoices):
    """Whether a card's registration is in order (Anti-Telecom-Fraud Law art. 9)."""

    UNKNOWN = "unknown", _("Not checked")
    VALID = "valid", _("Valid")
    PENDING = "pending", _("Being registered")
    INVALID = "invalid", _("Not in order")


class Purpose(models.TextChoices):
    """What a card may be used for (R3, R98)."""

    SALES = "sales", _("Sales calls to consenting customers")
    SERVICE = "service", _("Customer service")
    CALL_BACK = "call_back", _("Call-back")
    RESEARCH = "research", _("Market research")
    NOTICE = "notice", _("Notices")
    OTHER = "other", _("Other")


class Direction(models.TextChoices):
    """Which way a card may be used (R49)."""

    OUTBOUND = "outbound", _("Outgoing only")
    INBOUND = "inbound", _("Incoming only")
    BOTH = "both", _("Both ways")


class SimForm(models.TextChoices):
    """The size of the plastic (R80)."""

    MINI = "mini", _("Mini (2FF)")
    MICRO = "micro", _("Micro (3FF)")
    NANO = "nano", _("Nano (4FF)")
    MULTI = "multi", _("Three sizes in one")
    ESIM = "esim", "eSIM"


class Network(models.TextChoices):
    """The best network a card may use (R80)."""

    G2 = "2g", "2G"
    G3 = "3g", "3G"
    G4 = "4g", "4G"
    VOLTE = "volte", "4G VoLTE"
    G5 = "5g", "5G"


class DeviceKind(models.TextChoices):
    """What a card may be put into: one person uses it, one call at a time (R26)."""

    PHONE = "phone", _("Mobile phone")
    DESK_PHONE = "desk_phone", _("Wireless desk phone")
    TABLET = "tablet", _("Tablet")


class DeviceState(models.TextChoices):
    """Whether a device can be used."""

    READY = "ready", _("In order")
    REPAIR = "repair", _("Under repair")
    LOST = "lost", _("Lost")
    RETIRED = "retired", _("Retired")
    SUPERSEDED = "superseded", _("Wrongly recorded")


class PurchaseChannel(models.TextChoices):
    """Where a card was bought (R22)."""

    OUTLET = "outlet", _("Carrier outlet")
    WEBSITE = "website", _("Carrier website or app")
    ACCOUNT_MANAGER = "account_manager", _("Carrier account manager")
    AGENT = "agent", _("Authorised agent")
    UNKNOWN = "unknown", _("Not recorded")


class Condition(models.TextChoices):
    """The state of the plastic (R8)."""

    GOOD = "good", _("Good")
    WORN = "worn", _("Worn")
    DAMAGED = "damaged", _("Damaged")


class Severity(models.TextChoices):
    """How bad a finding is."""

    INFO = "info", _("Information")
    WARN = "warn", _("Warning")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class RuleAction(models.TextChoices):
    """What CardFleet does when a rule is hit."""

    RECORD = "record", _("Record")
    WARN = "warn", _("Warn")
    NEED_APPROVAL = "need_approval", _("Ask for approval")
    BLOCK = "block", _("Block")


class Confidence(models.TextChoices):
    """How sure the source of a rule is (the marks of domain.md)."""

    CONTRACT = "contract", _("Our contract")
    LAW = "law", _("Law")
    DOCUMENT = "document", _("Read in a document")
    WEAK = "weak", _("Read in a weak source")
    DEFAULT = "default", _("Our illustrative default")


class Damage(models.TextChoices):
    """What happened to the plastic (R8)."""

    BENT = "bent", _("Bent")
    WET = "wet", _("Wet")
    HEAT = "heat", _("Heat")
    CONTACTS = "contacts", _("Contacts scratched")
    BROKEN = "broken", _("Broken")
    OTHER = "other", _("Other damage")


class SignalCheck(models.TextChoices):
    """What a phone's screen said with the card in it (R102). A person looks; nothing is called or sent."""

    NOT_LOOKED = "not_looked", _("Not tried")
    FOUND = "found", _("Finds its network")
    NONE = "none", _("No service")


class SpareDecision(models.TextChoices):
    """What becomes of a spare: it is needed, it comes into real use, or it is given up (R102)."""

    KEEP = "keep", _("Stays a spare")
    USE = "use", _("Comes into real use")
    RELEASE = "release", _("Is given up")


class OrderState(models.TextChoices):
    """How far an order has come; it follows from what was received."""

    ORDERED = "ordered", _("Ordered")
    PARTLY = "partly", _("Partly received")
    RECEIVED = "received", _("All received")
    CLOSED = "closed", _("Closed short")


class Application(models.TextChoices):
    """What is applied for at a carrier (R105)."""

    CANCEL = "cancel", _("Cancellation")
    STOP = "stop", _("Voluntary stop, number kept")
    RESUME = "resume", _("Resuming service")
    REISSUE = "reissue", _("Re-issue of the SIM")


class WhyReissued(models.TextChoices):
    """Why the carrier gave a number a new SIM (R39, R52)."""

    LOST = "lost", _("Lost")
    STOLEN = "stolen", _("Stolen")
    FAULT = "fault", _("Faulty SIM")
    DAMAGED = "damaged", _("Damaged SIM")
    FORM = "form", _("Another size or kind of SIM")

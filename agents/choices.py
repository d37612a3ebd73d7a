"""Vocabulary of agents, training and assignments."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgentStatus(models.TextChoices):
    """Whether an agent may hold cards."""

    ACTIVE = "active", _("Active")
    ON_HOLD = "on_hold", _("On hold")
    LEFT = "left", _("Left")


class AbsenceKind(models.TextChoices):
    """Why somebody is away."""

    LEAVE = "leave", _("Leave")
    SICK = "sick", _("Sick leave")
    TRAVEL = "travel", _("Business trip")
    TRAINING = "training", _("At a training")
    OTHER = "other", _("Other absence")


class CourseKind(models.TextChoices):
    """What a course is about (R61, R72, R73; Anti-Telecom-Fraud Law art. 8)."""

    COMPLIANCE = "compliance", _("Law and compliance")
    PRODUCT = "product", _("Product")
    SKILL = "skill", _("Sales skill")
    ANTI_FRAUD = "anti_fraud", _("Against fraud")


class Audience(models.TextChoices):
    """Whom a policy binds."""

    AGENTS = "agents", _("Agents")
    EVERYBODY = "everybody", _("Everybody")


class AssignmentState(models.TextChoices):
    """What became of a hand-over. The state follows from the dates; it is shown, not stored."""

    HANDED_OVER = "handed_over", _("Awaiting acceptance")
    ACCEPTED = "accepted", _("In use")
    RETURNED = "returned", _("Given back")
    UNDONE = "undone", _("Undone")


class AssignmentOrigin(models.TextChoices):
    """How an assignment came about."""

    HANDOUT = "handout", _("Hand-out")
    TAKEOVER = "takeover", _("Take-over")
    NEW_SIM = "new_sim", _("New SIM")


class HandoverKind(models.TextChoices):
    """Whether cards come out of stock or from another agent's hands."""

    HANDOUT = "handout", _("Hand-out")
    TRANSFER = "transfer", _("Transfer between agents")


class ReservationEnd(models.TextChoices):
    """Why a reservation holds no longer before its last day."""

    USED = "used", _("Handed out")
    CANCELLED = "cancelled", _("Cancelled")


class RequestState(models.TextChoices):
    """Where an agent's request for cards is."""

    WAITING = "waiting", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Taken back by the agent")
    HANDED_OUT = "handed_out", _("Handed out")


class ApprovalLevel(models.TextChoices):
    """Who says yes to a request: the supervisor always, compliance too above the quota."""

    SUPERVISOR = "supervisor", _("Supervisor")
    COMPLIANCE = "compliance", _("Compliance")


class ListingKind(models.TextChoices):
    """What a person who may be called has said (R40, R57, R60)."""

    DO_NOT_CALL = "do_not_call", _("Do not call")
    CONSENT = "consent", _("Consent")


class ListingEnd(models.TextChoices):
    """Why a listing holds no longer."""

    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFUSED = "refused", _("The person refused")
    RENEWED = "renewed", _("Given again")
    EXPIRED = "expired", _("Expired")


class Difference(models.TextChoices):
    """What a count says of one card or barcode."""

    NONE = "none", _("As expected")
    MISSING = "missing", _("Not found")
    MISPLACED = "misplaced", _("Belongs elsewhere")
    UNKNOWN = "unknown", _("Of no card")


class Settlement(models.TextChoices):
    """What was done about a difference."""

    MISSING = "missing", _("Recorded missing")
    MOVED = "moved", _("Put here")
    TAKEN_BACK = "taken_back", _("Taken back from its holder")
    RESTOCKED = "restocked", _("Back in stock")
    NOTED = "noted", _("Noted only")


class LeavingState(models.TextChoices):
    """Where a leaving is. The state follows from the dates; it is shown, not stored."""

    NOTICED = "noticed", _("Notice given")
    GOING_ON = "going_on", _("To be wound up")
    FINISHED = "finished", _("Wound up")
    WITHDRAWN = "withdrawn", _("Taken back")


class LeavingTaskKind(models.TextChoices):
    """What is to be wound up when somebody leaves (R76)."""

    ACCESS = "access", _("Access ended")
    RETURN = "return", _("Card taken back")
    SECRETS = "secrets", _("Codes and passwords changed")
    USER = "user", _("Another user registered, or card cancelled")
    CLAIMS = "claims", _("Claims settled")


class Detail(models.TextChoices):
    """What a holder confirms of a card."""

    NUMBER = "number", _("Number")
    CARRIER = "carrier", _("Carrier")
    PLAN = "plan", _("Plan")
    USER = "user", _("Registered user")
    TEAM = "team", _("Team")
    PURPOSE = "purpose", _("Purpose")
    CONDITION = "condition", _("Condition")
    DEVICE = "device", _("Phone")


class Metric(models.TextChoices):
    """What a target counts in a month (R69)."""

    CALLS = "calls", _("Calls made")
    ANSWERED = "answered", _("Answered calls")
    MINUTES = "minutes", _("Minutes")
    DEALS = "deals", _("Deals closed")


class RewardKind(models.TextChoices):
    """Whether somebody is rewarded or penalised (R71)."""

    REWARD = "reward", _("Reward")
    PENALTY = "penalty", _("Penalty")


class RewardBasis(models.TextChoices):
    """For what; results count only where no limit was broken for them (R71)."""

    RESULTS = "results", _("Results")
    SATISFACTION = "satisfaction", _("Customers' satisfaction")
    COMPLIANCE = "compliance", _("Compliance")
    CARE = "care", _("Care for the cards")
    OTHER = "other", _("Something else")

"""Vocabulary of the compliance desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MatterKind(models.TextChoices):
    """What a matter of the desk is about."""

    COMPLAINT = "complaint", _("Complaint")
    ACCESS = "access", _("Asks for own data")
    CORRECT = "correct", _("Asks for a correction")
    DELETE = "delete", _("Asks for deletion")
    WITHDRAW = "withdraw", _("Withdraws consent")
    BREACH = "breach", _("Data breach")


class MatterGroup(models.TextChoices):
    """The registers matters stand in."""

    COMPLAINTS = "complaints", _("Complaints and their clock")
    REQUESTS = "requests", _("Subject requests")
    BREACHES = "breaches", _("Breach record")


class MatterOutcome(models.TextChoices):
    """How a matter ended."""

    ANSWERED = "answered", _("Reply given")
    GRANTED = "granted", _("Granted")
    KEPT = "kept", _("Kept because")
    REFUSED = "refused", _("Turned down")
    SETTLED = "settled", _("Dealt with")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class LawKind(models.TextChoices):
    """What kind of text the register holds."""

    LAW = "law", _("Law")
    REGULATION = "regulation", _("Regulation")
    DRAFT = "draft", _("Draft, not in force")
    CONTRACT = "contract", _("Contract")
    POLICY = "policy", _("Own policy")


class LawFinding(models.TextChoices):
    """What a review of a text found."""

    UNCHANGED = "unchanged", _("Unchanged")
    CHANGED = "changed", _("Changed")
    ENDED = "ended", _("No longer in force")


class ChecklistKind(models.TextChoices):
    """What a checklist is for."""

    CAMPAIGN = "campaign", _("Campaign")
    SELF_AUDIT = "self_audit", _("Yearly self-audit")


class Verdict(models.TextChoices):
    """The answer to a question of a checklist."""

    YES = "yes", _("Fulfilled")
    NO = "no", _("Not fulfilled")
    NOT_APPLICABLE = "na", _("Does not apply")


class ImpactLevel(models.TextChoices):
    """How heavy what could happen to people weighs."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class DirectoryKind(models.TextChoices):
    """Whom one turns to."""

    CARRIER = "carrier", _("Carrier")
    REGULATOR = "regulator", _("Regulator")
    POLICE = "police", _("Police")
    LEGAL = "legal", _("Legal advice")


class PurposeStanding(models.TextChoices):
    """How what cards are used for stands against the forbidden list and the contracts."""

    FORBIDDEN = "forbidden", _("Forbidden")
    APPROVAL = "approval", _("Needs an approval")
    UNCONFIRMED = "unconfirmed", _("Not confirmed by the contract")
    UNSTATED = "unstated", _("Not stated")
    ALLOWED = "allowed", _("Nothing against it")

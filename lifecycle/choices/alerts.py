"""Vocabulary of findings, risk, alerts and carriers' notices."""

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
    """What an alert is about: one open alert a kind and card, agent, matter of the desk or connection."""

    STOPPED = "stopped", _("Stopped")
    SUSPENSION_RISK = "suspension_risk", _("Risk of suspension")
    ARREARS = "arrears", _("Arrears")
    LOW_BALANCE = "low_balance", _("Low balance")
    FEE_SPIKE = "fee_spike", _("Abnormal fees")
    CARD_EXPIRY = "card_expiry", _("Card about to expire")
    CONTRACT_END = "contract_end", _("Contract about to end")
    REAL_NAME_EXPIRY = "real_name_expiry", _("Real-name proof about to expire")
    TRAINING_EXPIRY = "training_expiry", _("Training about to lapse")
    TRAINING_LAPSED = "training_lapsed", _("Training lapsed, cards to be taken back")
    IDLE = "idle", _("Unused for long")
    CARRIER_SIGNAL = "carrier_signal", _("Sign of a stop")
    REVERIFICATION = "reverification", _("Re-verification due")
    APPROVAL = "approval", _("Approval wanted")
    CASE = "case", _("Case waits too long")
    LEAVER = "leaver", _("Leaver has a card")
    DESK = "desk", _("Desk waits too long")
    CONNECTION = "connection", _("Connection fails")
    SECRET_CHANGE = "secret_change", _("PIN and password to be changed")


class GroupKind(models.TextChoices):
    """Whose calls count together, however many cards they are split over."""

    AGENT = "agent", _("Agent")
    TEAM = "team", _("Team")
    CAMPAIGN = "campaign", _("Campaign")
    ENTITY = "entity", _("Legal entity")


class RiskBand(models.TextChoices):
    """How near a card is to a stop: 0-39, 40-69, 70-100."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class ReportKind(models.TextChoices):
    """Who speaks against a number."""

    COMPLAINT = "complaint", _("Complaint")
    NOTIFIED = "notified", _("Notified by carrier or authority")

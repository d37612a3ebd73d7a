"""What is due: risk, findings, alerts and reminders."""

from lifecycle.models.alert import Alert, Reminder
from lifecycle.models.approval import Approval
from lifecycle.models.calendar import CalendarDay
from lifecycle.models.conduct import CallingNumbers, Complaint, NumberMark, Reverification
from lifecycle.models.escalation import EscalationStep
from lifecycle.models.experience import StopsAt
from lifecycle.models.gathered import CardConduct, GroupDay
from lifecycle.models.notice import AlertGroup, CarrierNotice
from lifecycle.models.risk import Finding, RiskAssessment, RiskDay

__all__ = [
    "Alert",
    "AlertGroup",
    "Approval",
    "CalendarDay",
    "CallingNumbers",
    "CardConduct",
    "CarrierNotice",
    "Complaint",
    "EscalationStep",
    "Finding",
    "GroupDay",
    "NumberMark",
    "Reminder",
    "Reverification",
    "RiskAssessment",
    "RiskDay",
    "StopsAt",
]

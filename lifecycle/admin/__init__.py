"""The administration of rules, and what was found by them."""

from lifecycle.admin.calendar import CalendarDayAdmin
from lifecycle.admin.connections import ConnectionAdmin, ConnectionRunAdmin
from lifecycle.admin.desk import ChecklistAdmin, DirectoryEntryAdmin, ImpactAssessmentAdmin, LawAdmin
from lifecycle.admin.escalation import EscalationStepAdmin
from lifecycle.admin.number_reviews import NumberReviewPlanAdmin
from lifecycle.admin.playbooks import PlaybookAdmin
from lifecycle.admin.policy import SuspensionPolicyAdmin
from lifecycle.admin.records import AlertAdmin, ComplaintAdmin, FindingAdmin, ReminderAdmin, RiskAdmin
from lifecycle.admin.rules import CarrierRuleAdmin
from lifecycle.admin.spares import NoticeTextAdmin, StandbyShareAdmin

__all__ = [
    "AlertAdmin",
    "CalendarDayAdmin",
    "CarrierRuleAdmin",
    "ChecklistAdmin",
    "ComplaintAdmin",
    "ConnectionAdmin",
    "ConnectionRunAdmin",
    "DirectoryEntryAdmin",
    "EscalationStepAdmin",
    "FindingAdmin",
    "ImpactAssessmentAdmin",
    "LawAdmin",
    "NoticeTextAdmin",
    "NumberReviewPlanAdmin",
    "PlaybookAdmin",
    "ReminderAdmin",
    "RiskAdmin",
    "StandbyShareAdmin",
    "SuspensionPolicyAdmin",
]

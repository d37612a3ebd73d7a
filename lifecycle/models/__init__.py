"""What is due: risk, findings, alerts and reminders."""

from lifecycle.models.alert import Alert, Reminder
from lifecycle.models.approval import Approval
from lifecycle.models.calendar import CalendarDay
from lifecycle.models.case import Case, CaseFile, CaseStep
from lifecycle.models.case_log import CaseComment, CaseContact
from lifecycle.models.checked_call import QualityCheck
from lifecycle.models.conduct import CallingNumbers, Complaint, NumberMark, Reverification
from lifecycle.models.connection import Connection, ConnectionRun
from lifecycle.models.desk_article import Article
from lifecycle.models.desk_audit import Audit, AuditAnswer, Checklist
from lifecycle.models.desk_law import DirectoryEntry, ImpactAssessment, Law, LawReview
from lifecycle.models.desk_matter import Matter, MatterStep
from lifecycle.models.escalation import EscalationStep
from lifecycle.models.evidence_pack import EvidencePack
from lifecycle.models.experience import StopsAt
from lifecycle.models.gathered import CardConduct, GroupDay
from lifecycle.models.notice import AlertGroup, CarrierNotice
from lifecycle.models.number_notice import Forwarding, NoticeRecipient, NoticeText, NumberNotice
from lifecycle.models.number_review import NumberReviewPlan
from lifecycle.models.playbook import Playbook, PlaybookStep
from lifecycle.models.policy import SuspensionPolicy
from lifecycle.models.problem import CustomerProblem
from lifecycle.models.quality import CallQuality
from lifecycle.models.risk import Finding, RiskAssessment, RiskDay
from lifecycle.models.switch import CardSwitch, StandbyShare

__all__ = [
    "Alert",
    "AlertGroup",
    "Approval",
    "Article",
    "Audit",
    "AuditAnswer",
    "CalendarDay",
    "CallQuality",
    "CallingNumbers",
    "CardConduct",
    "CardSwitch",
    "CarrierNotice",
    "Case",
    "CaseComment",
    "CaseContact",
    "CaseFile",
    "CaseStep",
    "Checklist",
    "Complaint",
    "Connection",
    "ConnectionRun",
    "CustomerProblem",
    "DirectoryEntry",
    "EscalationStep",
    "EvidencePack",
    "Finding",
    "Forwarding",
    "GroupDay",
    "ImpactAssessment",
    "Law",
    "LawReview",
    "Matter",
    "MatterStep",
    "NoticeRecipient",
    "NoticeText",
    "NumberMark",
    "NumberNotice",
    "NumberReviewPlan",
    "Playbook",
    "PlaybookStep",
    "QualityCheck",
    "Reminder",
    "Reverification",
    "RiskAssessment",
    "RiskDay",
    "StandbyShare",
    "StopsAt",
    "SuspensionPolicy",
]

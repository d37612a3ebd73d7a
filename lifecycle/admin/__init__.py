"""The administration of rules, and what was found by them."""

from lifecycle.admin.records import AlertAdmin, ComplaintAdmin, FindingAdmin, ReminderAdmin, RiskAdmin
from lifecycle.admin.rules import CarrierRuleAdmin

__all__ = ["AlertAdmin", "CarrierRuleAdmin", "ComplaintAdmin", "FindingAdmin", "ReminderAdmin", "RiskAdmin"]

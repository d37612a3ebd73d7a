"""What the jobs found: only shown, since only services write it."""

from django.contrib import admin

from cardfleet.kernel.admin import ReadOnlyAdmin
from lifecycle.models import Alert, Complaint, Finding, Reminder, RiskAssessment


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin[Alert]):
    """Alerts."""

    list_display = ("kind", "card", "agent", "severity", "state", "due_at", "first_seen_at", "closed_at")
    list_filter = ("kind", "state", "severity")
    list_select_related = ("card", "agent__user")


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin[Finding]):
    """Findings with the version of the rule that made them."""

    list_display = ("day", "card", "kind", "severity", "value", "warn", "limit", "points", "rule")
    list_filter = ("severity", "kind")
    list_select_related = ("card", "rule")


@admin.register(RiskAssessment)
class RiskAdmin(ReadOnlyAdmin[RiskAssessment]):
    """Present risks."""

    list_display = ("card", "score", "band", "calls_today", "call_limit", "limit_at", "assessed_at")
    list_filter = ("band",)
    list_select_related = ("card",)


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin[Reminder]):
    """Reminders that were told."""

    list_display = ("kind", "subject", "due_on", "lead_days", "sent_at")
    list_filter = ("kind", "lead_days")


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin[Complaint]):
    """Complaints."""

    list_display = ("received_at", "card", "channel", "is_valid")
    list_filter = ("is_valid",)
    list_select_related = ("card",)

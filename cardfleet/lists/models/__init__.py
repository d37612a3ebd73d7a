"""Saved views, which of them open by themselves, and reports."""

from cardfleet.lists.models.report import ReportRun, ScheduledReport
from cardfleet.lists.models.view import DefaultView, SavedView

__all__ = ["DefaultView", "ReportRun", "SavedView", "ScheduledReport"]

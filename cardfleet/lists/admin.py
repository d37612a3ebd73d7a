"""Views that people keep and reports they have sent: only shown, since each changes their own on the lists' pages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cardfleet.kernel.admin import ReadOnlyAdmin
from cardfleet.lists.models import SavedView, ScheduledReport


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin[SavedView]):
    """Saved views."""

    list_display = ("name", "listing", "owner", "shared_role", "shared_team", "changed_at")
    list_filter = ("listing", "shared_role")
    search_fields = ("name", "owner__name")
    list_select_related = ("owner", "shared_team")


@admin.register(ScheduledReport)
class ScheduledReportAdmin(ReadOnlyAdmin[ScheduledReport]):
    """Scheduled reports."""

    list_display = ("view_name", "listing", "owner", "form", "every", "at", "next_at", "stopped_at")
    list_filter = ("listing", "every")
    search_fields = ("view_name", "owner__name")
    list_select_related = ("owner",)

    def get_queryset(self, _request: HttpRequest) -> QuerySet[ScheduledReport]:
        """Return all reports: data that leaves is the administrators' to see, whoever has it sent."""
        return ScheduledReport.objects.all()

"""The journal in the administration: to be read."""

from django.contrib import admin
from django.http import HttpRequest

from cardfleet.journal.models import Entry
from cardfleet.kernel.admin import ReadOnlyAdmin


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin[Entry]):
    """Entries, newest first."""

    list_display = ("at", "actor", "action", "subject", "reason")
    list_filter = ("action",)
    search_fields = ("=subject", "=actor__username", "=request_id")
    list_select_related = ("actor",)
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        """Ask for the right to read the journal."""
        return request.user.has_perm("journal.view_journal")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Ask for the same right."""
        return self.has_view_permission(request)

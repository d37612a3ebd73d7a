"""Reference data of the compliance desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from lifecycle.forms.desk_records import ChecklistForm, DirectoryEntryForm
from lifecycle.models import Checklist, DirectoryEntry, ImpactAssessment, Law
from lifecycle.services.desk.audits import write_checklist
from lifecycle.services.desk.records import Record, edit, enter


class RecordAdmin(ServiceModelAdmin[Record]):
    """Saves by the one service of these records."""

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Record:
        """Record one."""
        kind: type[Record] = self.model
        return enter(record_of=kind, facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Record, given: dict[str, Any]) -> Record:
        """Change one."""
        kind: type[Record] = self.model
        return edit(record_of=kind, pk=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(Law)
class LawAdmin(RecordAdmin[Law]):
    """The register of laws and contracts; reviews are recorded on its page."""

    list_display = ("name", "kind", "articles", "owner", "review_on", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("owner",)
    search_fields = ("name", "asks")


@admin.register(ImpactAssessment)
class ImpactAssessmentAdmin(RecordAdmin[ImpactAssessment]):
    """Impact assessments, kept three years at least."""

    list_display = ("title", "level", "assessed_on", "assessed_by", "review_on", "keep_until")
    list_select_related = ("assessed_by",)
    search_fields = ("title",)


@admin.register(DirectoryEntry)
class DirectoryEntryAdmin(RecordAdmin[DirectoryEntry]):
    """Whom one turns to."""

    form = DirectoryEntryForm
    list_display = ("name", "kind", "carrier", "phone", "is_active")
    list_filter = ("kind",)
    list_select_related = ("carrier",)
    search_fields = ("name", "serves")


@admin.register(Checklist)
class ChecklistAdmin(ServiceModelAdmin[Checklist]):
    """Versions of checklists: read, never rewritten; the next one is added."""

    form = ChecklistForm
    list_display = ("kind", "version", "reason", "written_at", "written_by")
    list_filter = ("kind",)
    list_select_related = ("written_by",)

    def has_change_permission(self, _request: HttpRequest, _obj: Checklist | None = None) -> bool:
        """Answer no: running audits go by it."""
        return False

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Checklist:
        """Write the next version."""
        return write_checklist(**given, actor=person_of(request), now=timezone.now())

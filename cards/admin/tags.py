"""Tags: renamed here for all cards at once; they are put on cards on the cards' pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cards.models import Tag
from cards.services.tags import record_tag, rename_tag


@admin.register(Tag)
class TagAdmin(ServiceModelAdmin[Tag]):
    """The words in use."""

    list_display = ("name", "created_at")
    search_fields = ("name",)
    fields = ("name",)

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Tag:
        """Record a tag."""
        return record_tag(name=given["name"], actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Tag, given: dict[str, Any]) -> Tag:
        """Rename a tag."""
        return rename_tag(tag_id=row.pk, name=given["name"], actor=person_of(request), now=timezone.now())

"""Shares of spares, and the texts of notices of changed numbers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from lifecycle.models import NoticeText, StandbyShare
from lifecycle.services.number_notices import write_text
from lifecycle.services.shares import set_share


@admin.register(StandbyShare)
class StandbyShareAdmin(ServiceModelAdmin[StandbyShare]):
    """How many spares are wanted, by carrier and team; what is most specific holds."""

    list_display = ("carrier", "team", "share")
    list_select_related = ("carrier", "team")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> StandbyShare:
        """Set a share."""
        return set_share(given=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: StandbyShare, given: dict[str, Any]) -> StandbyShare:
        """Set it anew."""
        return set_share(given=given, actor=person_of(request), now=timezone.now(), share=row)


@admin.register(NoticeText)
class NoticeTextAdmin(ServiceModelAdmin[NoticeText]):
    """What customers are told when a number changes."""

    list_display = ("name", "channel", "is_active")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> NoticeText:
        """Write a text."""
        return write_text(given=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: NoticeText, given: dict[str, Any]) -> NoticeText:
        """Write it anew."""
        return write_text(given=given, actor=person_of(request), now=timezone.now(), text=row)

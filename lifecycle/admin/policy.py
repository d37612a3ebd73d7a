"""What is decided about stops, in the administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from lifecycle.models import SuspensionPolicy
from lifecycle.services.policy import edit_policy


@admin.register(SuspensionPolicy)
class SuspensionPolicyAdmin(ServiceModelAdmin[SuspensionPolicy]):
    """The one row of decisions about stops: it is changed, never added or taken away."""

    list_display = ("__str__", "opens_from_import", "opens_from_signal", "storm_at", "idle_hour", "call")

    def has_add_permission(self, _request: HttpRequest, _obj: SuspensionPolicy | None = None) -> bool:
        """Answer no: there is one row."""
        return False

    def change(self, request: HttpRequest, row: SuspensionPolicy, given: dict[str, Any]) -> SuspensionPolicy:
        """Change it."""
        return edit_policy(changes=given, actor=person_of(request), now=timezone.now())

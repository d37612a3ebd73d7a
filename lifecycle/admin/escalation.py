"""Whom an alert is told to that nobody sees to."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.accounts.choices import Role
from cardfleet.kernel.admin import ServiceModelAdmin
from lifecycle.models import EscalationStep
from lifecycle.services.escalation import change_step


@admin.register(EscalationStep)
class EscalationStepAdmin(ServiceModelAdmin[EscalationStep]):
    """Hours and role of each step; the steps themselves are given."""

    list_display = ("severity", "level", "after_hours", "role")
    list_filter = ("severity",)
    fields = ("severity", "level", "after_hours", "role")
    readonly_fields = ("severity", "level")

    def has_add_permission(self, _request: HttpRequest, _obj: EscalationStep | None = None) -> bool:
        """Answer no: a step that is not wanted has no hours."""
        return False

    def change(self, request: HttpRequest, row: EscalationStep, given: dict[str, Any]) -> EscalationStep:
        """Set its hours and role."""
        return change_step(
            step=row,
            after_hours=given["after_hours"],
            role=Role(given["role"]),
            actor=person_of(request),
            now=timezone.now(),
        )

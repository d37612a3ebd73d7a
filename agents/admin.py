"""Agents, courses and who held what, as the administration shows them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import (
    Absence,
    Agent,
    Assignment,
    CardRequest,
    Course,
    Handover,
    LeavingPolicy,
    Policy,
    Reservation,
    StockTake,
    TrainingRecord,
)
from agents.services.courses import edit_course, record_course
from agents.services.leaving_policy import edit_leaving_policy
from agents.services.policies import edit_policy, record_policy
from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ReadOnlyAdmin, ServiceModelAdmin


@admin.register(Course)
class CourseAdmin(ServiceModelAdmin[Course]):
    """Courses are reference data: edited here."""

    list_display = ("title", "code", "kind", "valid_months", "is_required")
    list_filter = ("kind", "is_required")
    search_fields = ("title", "code")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Course:
        """Record a course."""
        return record_course(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Course, given: dict[str, Any]) -> Course:
        """Change a course."""
        return edit_course(course_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(LeavingPolicy)
class LeavingPolicyAdmin(ServiceModelAdmin[LeavingPolicy]):
    """The one row of days for what leavers leave behind: it is changed, never added or taken away."""

    list_display = ("__str__", "return_days", "secrets_days", "user_days", "claims_days")

    def has_add_permission(self, _request: HttpRequest, _obj: LeavingPolicy | None = None) -> bool:
        """Answer no: there is one row."""
        return False

    def change(self, request: HttpRequest, row: LeavingPolicy, given: dict[str, Any]) -> LeavingPolicy:
        """Change it."""
        return edit_leaving_policy(changes=given, actor=person_of(request), now=timezone.now())


@admin.register(Policy)
class PolicyAdmin(ServiceModelAdmin[Policy]):
    """Policies are reference data; their texts are published on their own pages."""

    list_display = ("title", "code", "audience", "is_required")
    list_filter = ("audience", "is_required")
    search_fields = ("title", "code")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Policy:
        """Record a policy."""
        return record_policy(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Policy, given: dict[str, Any]) -> Policy:
        """Change a policy."""
        return edit_policy(policy_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(Agent)
class AgentAdmin(ReadOnlyAdmin[Agent]):
    """Agents; entered and changed on their own pages."""

    list_display = ("__str__", "staff_no", "team", "status", "joined_on", "left_on")
    list_filter = ("status",)
    search_fields = ("user__name", "user__staff_no", "user__name_initials")
    list_select_related = ("user__team",)

    @admin.display(ordering="user__staff_no", description=_("staff number"))
    def staff_no(self, agent: Agent) -> str:
        """Show the staff number."""
        return agent.user.staff_no or ""

    @admin.display(ordering="user__team__path", description=_("team"))
    def team(self, agent: Agent) -> str:
        """Show the team."""
        return str(agent.user.team or "")


@admin.register(Absence)
class AbsenceAdmin(ReadOnlyAdmin[Absence]):
    """Absences; recorded and ended on the agent's page."""

    list_display = ("agent", "kind", "starts_on", "ends_on", "withdrawn_at")
    list_filter = ("kind",)
    search_fields = ("agent__user__name", "agent__user__staff_no")
    list_select_related = ("agent__user",)


@admin.register(TrainingRecord)
class TrainingRecordAdmin(ReadOnlyAdmin[TrainingRecord]):
    """Training records; recorded and revoked on the agent's page."""

    list_display = ("agent", "course", "passed_on", "valid_until", "revoked_at")
    list_filter = ("course",)
    search_fields = ("agent__user__name", "agent__user__staff_no")
    list_select_related = ("agent__user", "course")


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin[Assignment]):
    """Who held which card when; written by handing out and taking back."""

    list_display = ("card", "agent", "team", "origin", "started_at", "ended_at", "accepted_at")
    list_filter = ("origin",)
    search_fields = ("agent__user__name", "agent__user__staff_no", "card__msisdn", "card__iccid")
    list_select_related = ("card", "agent__user", "team")


@admin.register(Handover)
class HandoverAdmin(ReadOnlyAdmin[Handover]):
    """Receipts; opened by hand-outs and signed by agents."""

    list_display = ("handed_at", "agent", "kind", "handed_by", "accepted_at", "signed_name")
    list_filter = ("kind",)
    search_fields = ("agent__user__name", "agent__user__staff_no")
    list_select_related = ("agent__user", "handed_by")


@admin.register(CardRequest)
class CardRequestAdmin(ReadOnlyAdmin[CardRequest]):
    """Requests for cards; made and decided on their own pages."""

    list_display = ("asked_at", "agent", "count", "purpose", "state", "level")
    list_filter = ("state", "level")
    search_fields = ("agent__user__name", "agent__user__staff_no")
    list_select_related = ("agent__user",)


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin[Reservation]):
    """Cards kept for an agent or a team; made at the desk."""

    list_display = ("card", "agent", "team", "starts_on", "ends_on", "made_by", "end")
    list_filter = ("end",)
    search_fields = ("card__msisdn", "card__iccid", "agent__user__name", "agent__user__staff_no")
    list_select_related = ("card", "agent__user", "team", "made_by")


@admin.register(StockTake)
class StockTakeAdmin(ReadOnlyAdmin[StockTake]):
    """Stock-takes; counted and settled on their own pages."""

    list_display = ("started_at", "location", "agent", "team", "started_by", "closed_at", "closed_by")
    list_select_related = ("location", "agent__user", "team", "started_by", "closed_by")

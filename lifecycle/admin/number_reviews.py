"""How often the numbers of an industry are looked at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from lifecycle.models import NumberReviewPlan
from lifecycle.services.number_reviews import edit_review_plan, record_review_plan


@admin.register(NumberReviewPlan)
class NumberReviewPlanAdmin(ServiceModelAdmin[NumberReviewPlan]):
    """Intervals by industry."""

    list_display = ("industry", "every_days", "is_active", "is_illustrative")
    fields = ("industry", "every_days", "is_active", "is_illustrative")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> NumberReviewPlan:
        """Record an interval."""
        return record_review_plan(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: NumberReviewPlan, given: dict[str, Any]) -> NumberReviewPlan:
        """Change an interval."""
        return edit_review_plan(plan_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())

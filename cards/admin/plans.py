"""Plans and their dated prices: a price that was in force is shown, never rewritten."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import StackedInline

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cards.forms.reference import PriceForm
from cards.models import PlanPrice, RatePlan
from cards.services.plans import PRICED, edit_plan, record_plan, set_price


class PriceInline(StackedInline):  # type: ignore[misc]
    """Prices by date; a new one ends the one before."""

    model = PlanPrice
    form = PriceForm
    fields = (
        ("effective_from", "effective_to", "monthly_fee", "minimum_spend"),
        ("included_minutes", "included_sms", "included_data_mb"),
        ("minute_price", "incoming_price", "rounding_s", "least_s"),
        ("sms_price", "data_price_mb"),
        ("first_month", "last_month", "changed", "stopped", "voluntary_stop_fee"),
    )
    readonly_fields = ("effective_to",)
    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: PlanPrice | None = None) -> bool:
        """Answer no: prices are set anew, not changed."""
        return False


@admin.register(RatePlan)
class RatePlanAdmin(ServiceModelAdmin[RatePlan]):
    """Plans with their prices."""

    list_display = ("name", "carrier", "payment", "tariff_no", "credit_limit", "is_sold")
    list_filter = ("carrier", "payment", "is_sold")
    list_select_related = ("carrier",)
    search_fields = ("name", "tariff_no")
    fields = (
        *("carrier", "name", "payment", "tariff_no", "credit_limit", "is_sold"),
        *("lock_in_months", "exit_penalty", "exit_share", "note"),
    )
    inlines = (PriceInline,)

    def create(self, request: HttpRequest, given: dict[str, Any]) -> RatePlan:
        """Record a plan."""
        return record_plan(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: RatePlan, given: dict[str, Any]) -> RatePlan:
        """Change a plan."""
        return edit_plan(plan_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())

    def save_related(
        self,
        request: HttpRequest,
        form: "ModelForm[RatePlan]",
        formsets: Any,
        change: bool,  # noqa: FBT001 - Django's
    ) -> None:
        """Set the prices that were added, earliest first."""
        for formset in formsets:
            added = [price.cleaned_data for price in formset.extra_forms if price.has_changed()]
            for given in sorted(added, key=lambda given: given["effective_from"]):
                set_price(
                    plan_id=form.instance.pk,
                    effective_from=given["effective_from"],
                    prices={name: given[name] for name in PRICED},
                    actor=person_of(request),
                    now=timezone.now(),
                )

"""Rate plans and their dated prices (R81): a new price ends the earlier one and never rewrites it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import Reason
from cards.errors import PeriodRefused
from cards.models import PlanPrice, RatePlan

EDITABLE = frozenset(
    {
        *("carrier", "name", "payment", "tariff_no", "credit_limit", "is_sold"),
        *("lock_in_months", "exit_penalty", "exit_share", "note"),
    }
)
PRICED = frozenset(
    {
        *("monthly_fee", "minimum_spend", "included_minutes", "included_sms", "included_data_mb"),
        *("minute_price", "incoming_price", "rounding_s", "least_s", "sms_price", "data_price_mb"),
        *("first_month", "last_month", "changed", "stopped", "voluntary_stop_fee"),
    }
)


@transaction.atomic
def record_plan(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> RatePlan:
    """Record a plan, yet without a price, from values by field name."""
    plan = RatePlan()
    named = assign(plan, facts, editable=EDITABLE)
    plan.save(force_insert=True)
    record(actor=actor, action="cards.plan_recorded", subject=plan, now=now, data={"fields": named})
    return plan


@transaction.atomic
def edit_plan(*, plan_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> RatePlan:
    """Change what a plan is called or asks for; its prices change by `set_price` only."""
    plan = RatePlan.objects.select_for_update().get(pk=plan_id)
    changed = assign(plan, changes, editable=EDITABLE)
    if changed:
        plan.save(update_fields=changed)
        record(actor=actor, action="cards.plan_edited", subject=plan, now=now, data={"fields": changed})
    return plan


@transaction.atomic
def set_price(
    *, plan_id: int, effective_from: date, prices: Mapping[str, Any], actor: User | None, now: datetime
) -> PlanPrice:
    """Set a plan's prices from a day (Shanghai) on, until the next price already set; the one before ends there.

    Refuses a day on which a price begins already: what was charged by it stays explained by it.
    """
    plan = RatePlan.objects.select_for_update().get(pk=plan_id)
    if plan.prices.filter(effective_from=effective_from).exists():
        raise PeriodRefused(reasons=[_taken(effective_from)])
    plan.prices.filter(effective_from__lt=effective_from).exclude(effective_to__lte=effective_from).update(
        effective_to=effective_from
    )
    later = plan.prices.filter(effective_from__gt=effective_from).order_by("effective_from").first()
    price = PlanPrice(plan=plan, effective_from=effective_from, effective_to=later.effective_from if later else None)
    assign(price, prices, editable=PRICED)
    price.save(force_insert=True)
    data = {"price": price.pk, "from": effective_from.isoformat()}
    record(actor=actor, action="cards.price_set", subject=plan, now=now, data=data)
    return price


def _taken(day: date) -> Reason:
    return Reason(
        code="price_exists",
        message=format_lazy(_("The plan has a price from {day} already."), day=day.isoformat()),
        clears=_("Choose a later day; a price that was in force is not rewritten."),
        field="effective_from",
    )

"""The best plan of each card, reckoned anew for the whole fleet in one statement (R48, R66)."""

from datetime import datetime

from django.db import connection, transaction

from billing.models import PlanAdvice
from billing.selectors.best_plan import span
from billing.selectors.plan_costs import ADVISE
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.owning import analyse


@transaction.atomic
def advise_plans(*, now: datetime) -> int:
    """Replace all advice; return for how many cards another plan would cost less."""
    PlanAdvice.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(ADVISE, {**span(business_day(now)), "now": now})
    analyse("billing_planadvice")
    return PlanAdvice.objects.filter(best__isnull=False).count()

"""What a card's last months would have cost on each plan its carrier sells, for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.selectors.plan_costs import OF_CARD, first_month
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.money import ZERO, to_fen
from cards.choices import ENDED
from cards.models import RatePlan

YEAR = 12


@dataclass(frozen=True, kw_only=True)
class PlanCost:
    """A plan and the mean of a month's cost on it, CNY; what a change saves in a year, leaving paid."""

    plan: RatePlan
    months: int
    minutes: int
    cost: Decimal
    is_own: bool
    saving_year: Decimal


def span(today: date, card_id: int | None = None) -> Mapping[str, Any]:
    """Return the parameters of the statements: the months before a day, one card or all."""
    end = month_start(today)
    last = month_start(end - timedelta(days=1))
    ended = sorted(ENDED)
    return {"first": first_month(today), "last": last, "end": end, "today": today, "ended": ended, "card": card_id}


def plan_costs(card_id: int, *, today: date) -> Sequence[PlanCost]:
    """Return the plans of a card's carrier, the cheapest first; none where no whole month's calls are known."""
    with connection.cursor() as cursor:
        cursor.execute(OF_CARD, span(today, card_id))
        rows = cursor.fetchall()
    plans = RatePlan.objects.in_bulk([row[0] for row in rows])
    own = next((total for _plan, _months, _minutes, total, is_own, _exit in rows if is_own), ZERO)
    return [
        PlanCost(
            plan=plans[plan_id],
            months=months,
            minutes=int(minutes),
            cost=to_fen(total / months),
            is_own=is_own,
            saving_year=to_fen((own - total) * YEAR / months) - exit_cost,
        )
        for plan_id, months, minutes, total, is_own, exit_cost in rows
    ]

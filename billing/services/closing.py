"""Closing a month: from then on its ledger and its cost report stay as they are (invariant 4)."""

from datetime import date, datetime
from typing import Any

from django.db import connection

from billing.errors import MonthClosed, MonthNotReady, WarningsNotSeen
from billing.models import ClosedMonth
from billing.selectors.closing import is_closed
from billing.selectors.closing_checks import closing_checks
from billing.selectors.cost_parts import HOLDINGS
from billing.selectors.month_figures import month_figures
from billing.services.month_sums import sum_month
from billing.services.open_months import close_alone
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import month_start, next_month
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.owning import analyse
from cardfleet.kernel.transactions import one_transaction

FREEZE = f"""
INSERT INTO billing_closedholding (month, card_id, agent_id, team_id, days)
SELECT %(month)s, card_id, agent_id, team_id, days FROM ({HOLDINGS}) known ORDER BY card_id;
INSERT INTO billing_closedcard (month, card_id, carrier_id, team_id, plan_id, registrant_id, region, purpose)
SELECT %(month)s, id, carrier_id, team_id, plan_id, registrant_id, region, purpose FROM cards_card ORDER BY id
"""


@one_transaction
def close_month(*, month: date, actor: User | None, now: datetime, is_seen: bool = False) -> ClosedMonth:
    """Close the month of a day and return it with its figures. There is no way back.

    What comes late counts in the first open month, which says what it is about. `is_seen`: what is still open in the
    month was looked at. Raises MonthClosed, MonthNotReady with what stands against it, WarningsNotSeen.
    """
    month = month_start(month)
    sum_month(month, next_month(month), now=now)
    close_alone()
    if is_closed(month):
        raise MonthClosed
    _refuse_open_matters(month, now=now, is_seen=is_seen)
    figures = month_figures(month)
    _keep_holdings(month)
    closed = ClosedMonth.objects.create(month=month, closed_at=now, closed_by=actor, figures=figures)
    record(
        actor=actor,
        action="billing.month_closed",
        subject=closed,
        now=now,
        data={"month": f"{month:%Y-%m}", "entries": closed.figures["entries"], "amount": closed.figures["cost"]},
    )
    return closed


def _refuse_open_matters(month: date, *, now: datetime, is_seen: bool) -> None:
    found = closing_checks(month, now=now)
    if blocking := [_reason(one) for one in found if one.blocks]:
        raise MonthNotReady(reasons=blocking)
    if found and not is_seen:
        raise WarningsNotSeen(reasons=[_reason(one) for one in found])


def _reason(found: Any) -> Reason:
    return Reason(code=found.check.value, message=found.check.label)


def _keep_holdings(month: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FREEZE, {"month": month, "end": next_month(month)})
    analyse("billing_closedholding")
    analyse("billing_closedcard")

"""Top-ups at each step, the cost centres and the budgets of the demo company (R28, R66)."""

from decimal import Decimal
from typing import cast

from billing.choices import ApprovalRank, BudgetPeriod, TopUpChannel
from billing.models import TopUpRequest
from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import month_costs
from billing.services.budgets import set_budget, watch_budgets
from billing.services.top_ups.asking import ask_top_up
from billing.services.top_ups.deciding import decide_top_up
from billing.services.top_ups.paying import Payment, record_arrival, record_payment
from billing.services.vouchers import record_centre
from cardfleet.accounts.models import User
from cards.models import Card
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.catalogue import CENTRES
from lifecycle.demo.people import Staff

# Amount, days ago, what for, how far it got.
ASKED = (
    (100, 0, "余额不够打到周末", "asked"),
    (300, 1, "大客户回访，通话多", "asked"),
    (50, 1, "快停机了", "approved"),
    (100, 2, "月租扣完余额不足", "paid"),
    (100, 5, "余额不足", "arrived"),
    (500, 6, "备用卡一次充足", "refused"),
)
SHARES = (Decimal("0.85"), Decimal("1.3"), Decimal("1.05"), Decimal("1.6"))
"""What teams may spend against what they have spent: below, far above, just above."""


def write_top_ups(calendar: Calendar, staff: Staff) -> None:
    """Write one top-up at each step; the one that came was bought at a discount."""
    cards = list(
        Card.objects.in_service()
        .filter(holder__isnull=False, paid_by__account__kind="card")
        .order_by("pk")[: len(ASKED)]
    )
    for card, (amount, ago, reason, state) in zip(cards, ASKED, strict=False):
        asked = ask_top_up(
            card=card,
            amount=Decimal(amount),
            reason=reason,
            actor=cast("User", card.holder),
            now=calendar.at(ago, 9, 10),
            is_sure=True,
        )
        _go_on(asked, state, ago, calendar, staff)


def _go_on(asked: TopUpRequest, state: str, ago: int, calendar: Calendar, staff: Staff) -> None:
    if state == "asked":
        return
    is_approved = state != "refused"
    decide_top_up(
        request_id=asked.pk,
        rank=ApprovalRank.SUPERVISOR,
        is_approved=is_approved,
        reason="" if is_approved else "备用卡不需要这么多，先充 50",
        actor=staff.supervisor,
        now=calendar.at(ago, 10),
    )
    if state not in ("paid", "arrived"):
        return
    is_cheap, at = state == "arrived", calendar.at(ago, 11)
    payment = Payment(
        paid=asked.amount - (6 if is_cheap else 0),
        face_value=asked.amount,
        channel=TopUpChannel.ALIPAY,
        payer="张伟(示例)",
        reference=f"示例 2026{asked.pk:06}",
        at=at,
    )
    why = "支付宝首充立减活动" if is_cheap else ""
    record_payment(request_id=asked.pk, payment=payment, risk_reason=why, actor=staff.finance, now=at)
    if is_cheap:
        came = calendar.at(ago, 11, 20)
        record_arrival(request_id=asked.pk, arrived_at=came, actor=staff.finance, now=came)


def write_centres(calendar: Calendar, staff: Staff) -> None:
    """Record the cost centre of each team, for the accounting export."""
    for team, code in CENTRES.items():
        record_centre(facts={"team": staff.units[team], "code": code}, actor=staff.finance, now=calendar.opening)


def write_budgets(calendar: Calendar, staff: Staff) -> None:
    """Set the company's budget of the month and year, and those of its dearest teams."""
    now, on = calendar.moment, calendar.on
    report = month_costs(on, CostBy.TEAM)
    if report.total.total <= 0:
        return
    whole = _round(report.total.total * Decimal("1.2"))
    for period, amount in ((BudgetPeriod.MONTH, whole), (BudgetPeriod.YEAR, whole * 12)):
        set_budget(of=None, period=period, starts_on=on, amount=amount, actor=staff.finance, now=now)
    spent = {row.key: row.total for row in report.rows if row.key}
    teams = [team for team in staff.units.values() if spent.get(team.pk)]
    for team, share in zip(teams, SHARES, strict=False):
        amount = _round(spent[team.pk] * share)
        set_budget(of=team, period=BudgetPeriod.MONTH, starts_on=on, amount=amount, actor=staff.finance, now=now)
    _of_card(calendar, staff)
    watch_budgets(on=on, now=now)


def _of_card(calendar: Calendar, staff: Staff) -> None:
    held = Card.objects.in_service().filter(holder__username="agent").order_by("pk")[:1]
    for card in held:
        set_budget(
            of=card,
            period=BudgetPeriod.MONTH,
            starts_on=calendar.on,
            amount=Decimal(60),
            actor=staff.finance,
            now=calendar.moment,
        )


def _round(amount: Decimal) -> Decimal:
    return max((amount / 100).quantize(Decimal(1)) * 100, Decimal(100))

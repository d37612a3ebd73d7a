"""Rules about money: balance, credit, fees (R6, R27, R29, R30, R36; 电信条例 art. 33, 34)."""

from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext_lazy as _

from billing.rules import runway
from billing.rules.runway import Money
from cardfleet.kernel.clock import day_start, month_bounds
from cardfleet.kernel.money import ZERO, to_fen
from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding, Said, ceiling, finding, floor, plain
from lifecycle.rules.pace import this_month
from lifecycle.rules.registry import BOOKKEEPING, LEADS_TO, rule_kind

SMALLEST_MEAN = Decimal(1)
"""CNY a month below which a mean says nothing about a spike."""
LAST_DAYS = 7
"""Days of a month in which what is missing to the minimum spend is worth a word."""


def _money(facts: CardFacts) -> Money | None:
    if facts.balance is None:
        return None
    return Money(balance=facts.balance, credit_limit=facts.credit_limit or ZERO, daily_burn=facts.daily_burn)


def _ends_at(facts: CardFacts, money: Money) -> datetime | None:
    ends_on = runway.runs_out_on(money, today=facts.today)
    return None if ends_on is None or ends_on == facts.today else day_start(ends_on)


@rule_kind("low_balance", label=_("Balance runway"), unit="days", facts=("balance", "daily_burn"))
def low_balance(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R6, R29: days the balance lasts at the present pace, or the balance itself where the rule's unit is CNY."""
    money = _money(facts)
    if money is None:
        return None
    said = Said(
        advice="top_up",
        params={"balance": str(to_fen(money.balance)), "burn": plain(money.daily_burn)},
        limit_at=_ends_at(facts, money),
        code=_balance_code(rule, money),
        days_left=None if rule.unit == "CNY" else runway.runway_days(money),
    )
    return floor(rule, money.balance if rule.unit == "CNY" else runway.runway_days(money), said)


def _balance_code(rule: RuleTerms, money: Money) -> str:
    if rule.unit == "CNY":
        return "low_balance_cny"
    return "low_balance" if runway.available(money) > 0 else "low_balance_spent"


@rule_kind("credit_limit", label=_("Credit limit used"), unit="%", facts=("balance", "credit_limit", "daily_burn"))
def credit_limit(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R6: at the credit limit carriers stop whatever the due date says (contracts of Unicom and 华翔联信)."""
    money = _money(facts)
    if money is None or facts.credit_limit is None:
        return None
    said = Said(
        advice="top_up",
        params={"owed": str(to_fen(max(-money.balance, ZERO))), "credit": str(to_fen(facts.credit_limit))},
        limit_at=_ends_at(facts, money),
    )
    return ceiling(rule, runway.credit_used(money), said)


@rule_kind(
    "late_fee",
    label=_("Late fee"),
    unit="‰",
    window="day",
    facts=("overdue_amount", "overdue_days"),
    weight=BOOKKEEPING,
)
def late_fee(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """电信条例 art. 34: 3 per mille a day of what is overdue."""
    if rule.limit is None or not facts.overdue_amount or not facts.overdue_days or facts.overdue_days < 1:
        return None
    fee = runway.late_fee(facts.overdue_amount, days=facts.overdue_days, per_mille=rule.limit)
    said = Said(advice="pay_arrears", params={"amount": str(to_fen(facts.overdue_amount)), "days": facts.overdue_days})
    return finding(rule, fee, said, reached=True)


@rule_kind(
    "fee_spike",
    label=_("Fees of the month against the three before"),
    unit="x",
    window="month",
    facts=("fees_month", "fees_mean_3_months"),
    weight=LEADS_TO,
)
def fee_spike(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R30; 电信条例 art. 33: from five times the mean of three months on the carrier must say so; 4.96 is not five."""
    mean = facts.fees_mean_3_months
    if facts.fees_month is None or mean is None or mean < SMALLEST_MEAN:
        return None
    times = (facts.fees_month / mean).quantize(Decimal("0.1"), ROUND_DOWN)
    params = {"fees": str(to_fen(facts.fees_month)), "mean": str(to_fen(mean))}
    at = this_month(facts.local_now, times, rule.limit)
    return ceiling(rule, times, Said(advice="check_bill", params=params, limit_at=at))


@rule_kind(
    "min_spend",
    label=_("Minimum spend"),
    unit="CNY",
    window="month",
    facts=("fees_month", "minimum_spend"),
    weight=BOOKKEEPING,
)
def min_spend(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R66: below the plan's minimum the difference is charged for nothing; told in the month's `last_days`."""
    if facts.fees_month is None or not facts.minimum_spend or facts.fees_month >= facts.minimum_spend:
        return None
    days_left = (month_bounds(facts.today)[1] - facts.now).days
    if days_left >= int(rule.params.get("last_days", LAST_DAYS)):
        return None
    params = {"minimum": str(to_fen(facts.minimum_spend))}
    return finding(rule, to_fen(facts.fees_month), Said(advice="check_plan", params=params), reached=True)

"""Budgets beside what the cost report says: used, forecast, by team, agent and card (R5, R66)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.choices import BudgetPeriod, BudgetScope
from billing.models import Budget
from billing.rules.budgets import Base, Change, Spent, month_forecast, per_cent, what_if, year_forecast
from billing.rules.forecast import month_end
from billing.selectors.cost_rows import CostBy
from billing.selectors.cost_rows import Key as CostKey
from billing.selectors.costs import month_costs
from billing.selectors.own_charges import prices_on
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import month_start, next_month
from cardfleet.kernel.money import ZERO
from cards.models import RatePlan

BY = {
    BudgetScope.COMPANY: CostBy.TEAM,
    BudgetScope.TEAM: CostBy.TEAM,
    BudgetScope.AGENT: CostBy.AGENT,
    BudgetScope.CARD: CostBy.CARD,
}


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """What a budget is up to, CNY."""

    used: Decimal
    forecast: Decimal


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """A month as it will end without a change and with it, and what the change costs more, CNY."""

    base: Base
    then: Base
    more: Decimal


class MonthSums:
    """What months cost by team subtree, agent or card; each month and grouping is asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[date, CostBy], Mapping[CostKey, Spent]] = {}
        self._paths: dict[int, str] | None = None

    def of(self, budget: Budget, month: date) -> Spent:
        """Return what a month cost that a budget is about."""
        sums = self._sums(month, BY[BudgetScope(budget.scope)])
        if budget.scope == BudgetScope.COMPANY:
            return sum(sums.values(), Spent())
        if budget.scope == BudgetScope.TEAM:
            return sum((sums[pk] for pk in self._below(budget.team_id) if pk in sums), Spent())
        return sums.get(budget.agent_id or budget.card_id, Spent())

    def _sums(self, month: date, by: CostBy) -> Mapping[CostKey, Spent]:
        if (month, by) not in self._known:
            rows = month_costs(month, by).rows
            self._known[month, by] = {row.key: Spent(total=row.total, calls=row.calls) for row in rows}
        return self._known[month, by]

    def _below(self, team_id: int | None) -> Iterable[int]:
        if self._paths is None:
            self._paths = {pk: path or "" for pk, path in Team.objects.values_list("pk", "path")}
        own = self._paths.get(team_id or 0, "")
        return [pk for pk, path in self._paths.items() if own and path.startswith(own)]


def reckon(budgets: Collection[Budget], *, today: date) -> dict[int, Reckoned]:
    """Return used and forecast of budgets by id. A few statements a month and grouping, whatever their number."""
    sums = MonthSums()
    return {budget.pk: _reckoned(budget, sums, today) for budget in budgets}


def _reckoned(budget: Budget, sums: MonthSums, today: date) -> Reckoned:
    months = [month for month in months_of(budget) if month <= today]
    spent = {month: sums.of(budget, month) for month in months}
    used = sum((one.total for one in spent.values()), ZERO)
    this = month_start(today)
    if this not in spent:
        return Reckoned(used=used, forecast=used)
    month = month_forecast(spent[this], month=this, today=today)
    if budget.period == BudgetPeriod.MONTH:
        return Reckoned(used=used, forecast=month)
    return Reckoned(used=used, forecast=year_forecast(before=used - spent[this].total, month=month, today=today))


def months_of(budget: Budget) -> list[date]:
    """Return the months of a budget's period."""
    months = [budget.starts_on]
    while budget.period == BudgetPeriod.YEAR and len(months) < 12:
        months.append(next_month(months[-1]))
    return months


def running(today: date) -> Sequence[Budget]:
    """Return the budgets whose month or year is today's."""
    found = Budget.objects.filter(period=BudgetPeriod.MONTH, starts_on=month_start(today)) | Budget.objects.filter(
        period=BudgetPeriod.YEAR, starts_on=today.replace(month=1, day=1)
    )
    return list(found.select_related("team", "agent__user__team", "card__team"))


@dataclass(frozen=True, kw_only=True)
class Line:
    """A budget as a row: what it is called, and how far it is used, per cent."""

    budget: Budget
    used: int
    forecast: int


def lines(person: User, *, period: str, starts_on: date) -> list[Line]:
    """Return the budgets of a period in a person's scope: the company's, teams by the tree, agents, cards."""
    found = Budget.objects.visible_to(person).filter(period=period, starts_on=starts_on)
    order = {scope.value: place for place, scope in enumerate(BudgetScope)}
    rows = found.select_related("team", "agent__user", "card", "set_by")
    listed = [_line(row) for row in rows]
    return sorted(listed, key=lambda line: (order[line.budget.scope], _place(line.budget)))


def _line(budget: Budget) -> Line:
    return Line(
        budget=budget, used=per_cent(budget.used, budget.amount), forecast=per_cent(budget.forecast, budget.amount)
    )


def _place(budget: Budget) -> str:
    if budget.team:
        return budget.team.path or ""
    return str(budget.agent or budget.card or "")


def split_of(rows: Sequence[Line]) -> tuple[Decimal, Decimal] | None:
    """Return what the uppermost teams' budgets add up to, and the company's, CNY; None without the company's.

    A team below another that has a budget is within that one's.
    """
    company = next((row.budget.amount for row in rows if row.budget.scope == BudgetScope.COMPANY), None)
    teams = {row.budget.team.path or "": row.budget.amount for row in rows if row.budget.team}
    if company is None or not teams:
        return None
    upper = [path for path in teams if not any(path != other and path.startswith(other) for other in teams)]
    return sum((teams[path] for path in upper), ZERO), company


def of_month(person: User, *, today: date) -> Line | None:
    """Return the budget that the cost of a person's scope is held against: the company's, else the only team's."""
    found = lines(person, period=BudgetPeriod.MONTH, starts_on=month_start(today))
    if person.has_perm("accounts.view_all_teams"):
        return next((line for line in found if line.budget.scope == BudgetScope.COMPANY), None)
    teams = [line for line in found if line.budget.scope == BudgetScope.TEAM]
    return teams[0] if teams and all(_within(line, teams[0]) for line in teams) else None


def _within(line: Line, upper: Line) -> bool:
    own, above = line.budget.team, upper.budget.team
    return bool(own and above and (own.path or "").startswith(above.path or ""))


def card_budgets(card_ids: Collection[int], *, today: date) -> dict[int, Decimal]:
    """Return what cards may cost this month, CNY, by card id, where somebody set that."""
    found = Budget.objects.filter(card__in=card_ids, period=BudgetPeriod.MONTH, starts_on=month_start(today))
    return {card_id: amount for card_id, amount in found.values_list("card_id", "amount") if card_id}


def base_of(person: User, *, today: date, team: Team | None = None) -> Base:
    """Return this month of a person's scope, or of one team in it, as it will end at the present pace."""
    report = month_costs(today, CostBy.TEAM, user=person)
    below = set(Team.objects.within(team).values_list("pk", flat=True)) if team else None
    rows = [row for row in report.rows if below is None or row.key in below]
    fees, calls = sum((row.monthly for row in rows), ZERO), sum((row.calls for row in rows), ZERO)
    cards = report.total.cards if below is None else sum(row.cards for row in rows)
    whole = month_end(so_far=calls, calls=calls, today=today)
    return Base(cards=cards, fees=fees, calls=whole, other=sum((row.other for row in rows), ZERO))


def changed_month(
    person: User,
    *,
    today: date,
    team: Team | None,
    plan: RatePlan | None,
    cards: int,
    price: Decimal,
    calls: Decimal,
) -> WhatIf:
    """Return what this month would cost with so many cards more on a plan, and prices and calls changed by percents.

    Of a team and those below it; of all that the person sees without one.
    """
    of_today = prices_on([plan.pk], today).get(plan.pk) if plan else None
    base = base_of(person, today=today, team=team)
    fee = of_today.monthly_fee if of_today else ZERO
    then = what_if(base, Change(cards=cards, fee=fee, price_percent=price, calls_percent=calls))
    return WhatIf(base=base, then=then, more=then.total - base.total)

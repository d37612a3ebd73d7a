"""Setting budgets, copying them, reckoning how far they are, and warning once at each mark (R5, R66)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.selectors.approvers import supervisors_of
from billing.choices import BudgetPeriod, BudgetScope
from billing.errors import BudgetNotUsable, NothingToCopy
from billing.messages import BUDGET_MARK
from billing.models import Budget, BudgetWarning
from billing.rules.budgets import marks_reached
from billing.selectors.budgets import reckon, running
from cardfleet.accounts.models import Team, User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.kernel.errors import NotVisible, Reason
from cardfleet.kernel.money import ZERO, to_fen
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from cards.models import Card

Of = Team | Agent | Card | None


@transaction.atomic
def set_budget(
    *, of: Of, period: BudgetPeriod, starts_on: date, amount: Decimal, actor: User | None, now: datetime
) -> Budget:
    """Set what a team, agent, card or (None) the company may cost in the month or year of a day, CNY.

    A budget that was set already is changed; the marks it was warned of are warned of anew where it is higher.
    BudgetNotUsable.
    """
    first = starts_on.replace(day=1) if period == BudgetPeriod.MONTH else starts_on.replace(month=1, day=1)
    amount = to_fen(amount)
    _refuse_unusable(period, first, amount, business_day(now))
    whose = _whose(of)
    budget = Budget.objects.filter(period=period, starts_on=first, **whose).select_for_update(of=("self",)).first()
    before = budget.amount if budget else None
    if before == amount and budget:
        return budget
    if budget:
        budget.amount, budget.set_at, budget.set_by = amount, now, actor
        budget.save(update_fields=["amount", "set_at", "set_by"])
        _forget_marks(budget)
    else:
        budget = Budget.objects.create(period=period, starts_on=first, amount=amount, set_at=now, set_by=actor, **whose)
    reckon_budgets(budgets=[budget], now=now)
    data = {"before": "" if before is None else str(before), "after": str(amount)}
    related = (of,) if of else ()
    record(actor=actor, action="billing.budget_set", subject=budget, related=related, now=now, data=data)
    return budget


@transaction.atomic
def remove_budget(*, budget_id: int, actor: User | None, now: datetime) -> None:
    """Take a budget away; what it was stays in the journal."""
    budget = Budget.objects.locked().filter(pk=budget_id).first()
    if budget is None:
        raise NotVisible
    data = {"before": str(budget.amount), "after": ""}
    record(actor=actor, action="billing.budget_removed", subject=budget, now=now, data=data)
    budget.delete()


@transaction.atomic
def copy_budgets(*, month: date, actor: User | None, now: datetime) -> int:
    """Copy the budgets of the month before into a month, where it has none of them; return how many. NothingToCopy."""
    first = month_start(month)
    before = month_start(date.fromordinal(first.toordinal() - 1))
    had = Budget.objects.filter(period=BudgetPeriod.MONTH, starts_on=first)
    known = {_about(budget) for budget in had}
    earlier = Budget.objects.filter(period=BudgetPeriod.MONTH, starts_on=before).order_by("pk")
    missing = [budget for budget in earlier if _about(budget) not in known]
    if not missing:
        raise NothingToCopy
    made = Budget.objects.bulk_create(
        Budget(
            scope=one.scope,
            team_id=one.team_id,
            agent_id=one.agent_id,
            card_id=one.card_id,
            period=one.period,
            starts_on=first,
            amount=one.amount,
            set_at=now,
            set_by=actor,
        )
        for one in missing
    )
    reckon_budgets(budgets=made, now=now)
    data = {"month": f"{first:%Y-%m}", "count": len(made)}
    record(actor=actor, action="billing.budgets_copied", subject="billing.budget:many", now=now, data=data)
    return len(made)


@transaction.atomic
def reckon_budgets(*, budgets: Collection[Budget], now: datetime) -> None:
    """Write how far budgets are used and what they come to, as the cost report says now."""
    found = reckon(budgets, today=business_day(now))
    for budget in budgets:
        budget.used, budget.forecast = found[budget.pk].used, found[budget.pk].forecast
        budget.reckoned_at = now
    Budget.objects.bulk_update(budgets, ["used", "forecast", "reckoned_at"])


@transaction.atomic
def watch_budgets(*, on: date, now: datetime) -> dict[str, int]:
    """Reckon the budgets of a day's month and year, and tell of marks that are reached, once a budget and mark."""
    budgets = running(on)
    reckon_budgets(budgets=budgets, now=now)
    reached = [(budget, mark) for budget in budgets for mark in marks_reached(budget.used, budget.amount)]
    known = set(BudgetWarning.objects.filter(budget__in=budgets).values_list("budget", "mark"))
    new = [(budget, mark) for budget, mark in reached if (budget.pk, mark) not in known]
    BudgetWarning.objects.bulk_create(
        [BudgetWarning(budget=budget, mark=mark, used=budget.used, at=now) for budget, mark in new],
        ignore_conflicts=True,
    )
    # Who is above both marks at once is told of the higher one alone.
    highest = {budget.pk: (budget, mark) for budget, mark in new}
    tell_many(tellings=[one for found in highest.values() for one in _tellings(*found, now=now)], now=now)
    return {"budgets": len(budgets), "told": len(highest)}


def _tellings(budget: Budget, mark: int, *, now: datetime) -> Sequence[Telling]:
    params = {
        "mark": mark,
        "name": name_of(budget),
        "used": f"{budget.used:f}",
        "amount": f"{budget.amount:f}",
        "forecast": f"{budget.forecast:f}",
    }
    people = {person.pk: person for person in User.objects.with_right("billing.change_budget")}
    if team := _team(budget):
        people |= {person.pk: person for person in supervisors_of(team)}
    return [
        Telling(
            user=person,
            code=BUDGET_MARK,
            params=params,
            key=f"budget:{budget.pk}:{mark}:{budget.amount}",
            url=url_or_empty("billing:budgets"),
            email=True,
        )
        for person in people.values()
    ]


def name_of(budget: Budget) -> str:
    """Return what a budget is of, in words; numbers masked."""
    return str(budget.team or budget.agent or budget.card or _("Company"))


def _team(budget: Budget) -> Team | None:
    if budget.agent:
        return budget.agent.user.team
    return budget.card.team if budget.card else budget.team


def _forget_marks(budget: Budget) -> None:
    """Forget the marks that a changed budget does not reach, so that they are told when it does."""
    reached = marks_reached(budget.used, budget.amount)
    budget.warnings.exclude(mark__in=reached).delete()


def _whose(of: Of) -> dict[str, Any]:
    if isinstance(of, Team):
        return {"scope": BudgetScope.TEAM, "team": of}
    if isinstance(of, Agent):
        return {"scope": BudgetScope.AGENT, "agent": of}
    if isinstance(of, Card):
        return {"scope": BudgetScope.CARD, "card": of}
    return {"scope": BudgetScope.COMPANY}


def _about(budget: Budget) -> tuple[str, int | None, int | None, int | None]:
    return budget.scope, budget.team_id, budget.agent_id, budget.card_id


def _refuse_unusable(period: BudgetPeriod, first: date, amount: Decimal, today: date) -> None:
    this = month_start(today) if period == BudgetPeriod.MONTH else today.replace(month=1, day=1)
    reasons = []
    if amount <= ZERO:
        reasons.append(Reason(code="amount", field="amount", message=_("Enter an amount above zero.")))
    if first < this:
        message = _("That time is over: a budget set now would change nothing.")
        reasons.append(Reason(code="over", field="month", message=message, value=first.isoformat()))
    if reasons:
        raise BudgetNotUsable(reasons=reasons)

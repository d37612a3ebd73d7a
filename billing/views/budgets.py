"""Budgets beside what was spent, and what a change would cost (R5, R66)."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.choices import BudgetPeriod
from billing.forms.budgets import AmountForm, BudgetForm, WhatIfForm
from billing.models import Budget
from billing.selectors.budgets import changed_month, lines, of_month, split_of
from billing.services.budgets import copy_budgets, remove_budget, set_budget
from billing.views.access import MoneyView, person
from cardfleet.kernel.clock import business_day, month_start, next_month, parse_month
from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.kernel.forms import add_refusal

WHAT_IF = ("team", "cards", "plan", "price", "calls")


class BudgetsView(MoneyView):
    """The budgets of a month or a year in a person's scope."""

    permission_required = "billing.view_budget"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()

    def page(self, *, status: int = 200, form: BudgetForm | None = None) -> HttpResponse:
        """Return the page; a form that was sent is shown with what stands against it."""
        who, today, (period, starts_on) = person(self.request), business_day(timezone.now()), self.asked()
        rows = lines(who, period=period, starts_on=starts_on)
        before = month_start(starts_on - timedelta(days=1))
        context = {
            "form": form or BudgetForm(person=who, initial={"period": period}),
            "period": period,
            "starts_on": starts_on,
            "before": before,
            "after": next_month(starts_on),
            "today": today,
            "may_set": who.has_perm("billing.change_budget") and starts_on >= month_start(today),
            "rows": rows,
            "split": split_of(rows),
            "reckoned_at": min((row.budget.reckoned_at for row in rows if row.budget.reckoned_at), default=None),
            **self.what_if(today),
        }
        return render(self.request, "billing/budgets.html", context, status=status)

    def what_if(self, today: date) -> dict[str, Any]:
        """Return the form, and where something was entered the month before and after the change."""
        who, entered = person(self.request), any(self.request.GET.get(name) for name in WHAT_IF)
        form = WhatIfForm(self.request.GET if entered else None, person=who)
        if not entered or not form.is_valid():
            return {"what_if": form}
        found = changed_month(who, today=today, **form.given())
        budget = of_month(who, today=today)
        return {
            "what_if": form,
            "base": found.base,
            "then": found.then,
            "more": found.more,
            "held_against": budget.budget if budget and not form.cleaned_data["team"] else None,
        }

    def asked(self) -> tuple[str, date]:
        """Return the period of the address and its first day; this month where it names none."""
        today = business_day(timezone.now())
        try:
            month = parse_month(self.request.GET.get("month", ""))
        except ValueError:
            month = month_start(today)
        if self.request.GET.get("period") == BudgetPeriod.YEAR:
            return BudgetPeriod.YEAR, month.replace(month=1)
        return BudgetPeriod.MONTH, month

    def back(self) -> HttpResponse:
        """Lead back to the month or year that was looked at."""
        period, starts_on = self.asked()
        query = QueryDict(mutable=True)
        query.update({"period": period, "month": f"{starts_on:%Y-%m}"})
        return redirect(f"{reverse('billing:budgets')}?{query.urlencode()}")


class BudgetDeedView(BudgetsView):
    """One change of the budgets, posted from their page."""

    permission_required = "billing.change_budget"

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Lead whoever comes back here after signing in to the page."""
        return self.back()


class BudgetSetView(BudgetDeedView):
    """Set a budget."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set it; the form says what stands against it."""
        form = BudgetForm(request.POST, person=person(request))
        if not form.is_valid():
            return self.page(form=form, status=422)
        given, (_period, starts_on) = form.cleaned_data, self.asked()
        try:
            set_budget(
                of=given["of"],
                period=BudgetPeriod(given["period"]),
                starts_on=starts_on,
                amount=given["amount"],
                actor=person(request),
                now=timezone.now(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form=form, status=refusal.status)
        messages.success(request, _("The budget is set."))
        return self.back()


class BudgetChangeView(BudgetDeedView):
    """Change what a budget is, or take it away."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it; a refusal is a page of its own."""
        budget = (
            Budget.objects.visible_to(person(request)).select_related("team", "agent", "card").filter(pk=pk).first()
        )
        if budget is None:
            raise NotVisible
        actor, now = person(request), timezone.now()
        if "remove" in request.POST:
            remove_budget(budget_id=budget.pk, actor=actor, now=now)
            messages.success(request, _("The budget is taken away."))
            return self.back()
        form = AmountForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for error in form.errors["amount"]))
            return self.back()
        set_budget(
            of=budget.team or budget.agent or budget.card,
            period=BudgetPeriod(budget.period),
            starts_on=budget.starts_on,
            amount=form.cleaned_data["amount"],
            actor=actor,
            now=now,
        )
        messages.success(request, _("The budget is set."))
        return self.back()


class BudgetCopyView(BudgetDeedView):
    """Copy the budgets of the month before."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Copy those that this month lacks."""
        _period, month = self.asked()
        count = copy_budgets(month=month, actor=person(request), now=timezone.now())
        said = ngettext("%(count)s budget was copied.", "%(count)s budgets were copied.", count)
        messages.success(request, said % {"count": count})
        return self.back()

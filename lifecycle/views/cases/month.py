"""What of cases falls due in a month: a grid, on a phone a list."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cardfleet.kernel.clock import business_day, next_month
from lifecycle.selectors.cases.month import Due, DueDay, due_in
from lifecycle.views.access import person
from lifecycle.views.cases.access import CaseScopeView
from lifecycle.views.notices import month_of

OF_A_DAY = 4


@dataclass(frozen=True, kw_only=True)
class CaseDay:
    """A day of the month with the first of the `count` steps that fall due on it.

    `more` of them have no room in the grid, `unlisted` none in the day's list.
    """

    day: date
    in_month: bool
    is_today: bool
    count: int
    due: Sequence[Due]

    @property
    def shown(self) -> Sequence[Due]:
        """What the grid has room for."""
        return self.due[:OF_A_DAY]

    @property
    def more(self) -> int:
        """How much it has not."""
        return max(0, self.count - OF_A_DAY)

    @property
    def unlisted(self) -> int:
        """How much the list has not."""
        return self.count - len(self.due)


class CaseMonthView(CaseScopeView):
    """A month; `mine=true` narrows it to one's own cases."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the month asked for, the present one where it cannot be read."""
        now = timezone.now()
        today = business_day(now)
        month = month_of(request.GET.get("month", ""), today)
        mine = request.GET.get("mine") == "true"
        cases = self.cases().filter(assignee=person(request)) if mine else self.cases()
        found = due_in(cases, month, now=now)
        weeks = [
            [_day(day, found.get(day), month=month, today=today) for day in week]
            for week in Calendar().monthdatescalendar(month.year, month.month)
        ]
        context = {
            "weeks": weeks,
            "days": [day for week in weeks for day in week if day.due],
            "month": month,
            "mine": mine,
            "before": (month - timedelta(days=1)).strftime("%Y-%m"),
            "after": next_month(month).strftime("%Y-%m"),
        }
        return render(request, "lifecycle/cases/month.html", context)


def _day(day: date, due: DueDay | None, *, month: date, today: date) -> CaseDay:
    return CaseDay(
        day=day,
        in_month=day.month == month.month,
        is_today=day == today,
        count=due.count if due else 0,
        due=due.first if due else (),
    )

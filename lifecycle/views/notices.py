"""Carrier notices as a calendar and a list; recorded and withdrawn here (R38, R51)."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day, month_start, next_month, parse_month
from cardfleet.kernel.errors import BadInput
from lifecycle.choices import NoticeKind
from lifecycle.forms.notices import NoticeForm
from lifecycle.models import CarrierNotice
from lifecycle.selectors.notices import month_notices, noted, on_days
from lifecycle.services.notices import record_notice, withdraw_notice
from lifecycle.views.access import OfficeView, person


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of the calendar."""

    day: date
    in_month: bool
    is_today: bool
    notices: Sequence[CarrierNotice]


class NoticesView(OfficeView):
    """The notices of a month, and the form for a new one."""

    permission_required = "lifecycle.view_carriernotice"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()

    def page(self, *, form: NoticeForm | None = None, status: int = 200) -> HttpResponse:
        """Show the month asked for, the present one where it cannot be read; the form may hold what was typed."""
        today = business_day(timezone.now())
        month = month_of(self.request.GET.get("month", ""), today)
        shown = noted(month_notices(month), person(self.request))
        context = {
            "noted": shown,
            "weeks": weeks(month, [one.notice for one in shown], today),
            "month": month,
            "before": (month - timedelta(days=1)).strftime("%Y-%m"),
            "after": next_month(month).strftime("%Y-%m"),
            "now": timezone.now(),
            "form": form or NoticeForm(),
        }
        return render(self.request, "lifecycle/notices.html", context, status=status)


class NoticeRecordView(NoticesView):
    """Record a notice."""

    permission_required = "lifecycle.add_carriernotice"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Lead back to the notices; a sign-in on the way ends here."""
        return redirect("lifecycle:notices")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record it, or say what does not fit."""
        form = NoticeForm(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422)
        given: dict[str, Any] = form.cleaned_data | {"kind": NoticeKind(form.cleaned_data["kind"])}
        try:
            notice = record_notice(**given, actor=person(request), now=timezone.now())
        except BadInput as refusal:
            form.add_error("ends_at", str(refusal))
            return self.page(form=form, status=422)
        messages.success(request, _("Recorded. Alerts that it explains stand under it."))
        url = redirect("lifecycle:notices")
        url["Location"] += f"?month={business_day(notice.starts_at):%Y-%m}"
        return url


class NoticeWithdrawView(OfficeView):
    """Withdraw a notice."""

    permission_required = "lifecycle.change_carriernotice"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw it."""
        notice = get_object_or_404(CarrierNotice, pk=pk)
        withdraw_notice(notice=notice, actor=person(request), now=timezone.now())
        messages.success(request, _("Withdrawn. The alerts under it stand for themselves again."))
        return redirect("lifecycle:notices")


def month_of(text: str, today: date) -> date:
    """Return the first day of `YYYY-MM`, of the present month where it is none."""
    try:
        return parse_month(text)
    except ValueError:
        return month_start(today)


def weeks(month: date, notices: Sequence[CarrierNotice], today: date) -> list[list[Day]]:
    """Return the weeks of a month from Monday on, each day with the notices in force."""
    shown = Calendar().monthdatescalendar(month.year, month.month)
    on = on_days(notices, (day for week in shown for day in week))
    return [
        [Day(day=day, in_month=day.month == month.month, is_today=day == today, notices=on[day]) for day in week]
        for week in shown
    ]

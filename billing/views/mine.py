"""An agent's own pages of usage and money: charges and tariff, missed calls. Everybody sees their own only."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.selectors.missed import missed_calls
from billing.selectors.own_charges import own_charges
from billing.services.callbacks import settle_missed_call
from billing.views.access import person
from cardfleet.kernel.clock import business_day, month_start, next_month, parse_month
from cardfleet.kernel.money import ZERO

MONTHS = 6


class MyChargesView(LoginRequiredMixin, View):
    """What one's cards cost in a month, charge by charge, and by what tariff (R68, R81)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the month asked for, else the present one."""
        now = timezone.now()
        months = _months(business_day(now))
        try:
            asked = parse_month(request.GET.get("month", ""))
        except ValueError:
            asked = months[0]
        month = asked if asked in months else months[0]
        charges = own_charges(person(request), month, now=now)
        context = {
            "now": now,
            "months": months,
            "month": month,
            "charges": charges,
            "total": sum((card.total for card in charges), ZERO),
            "days": (next_month(month) - month).days,
        }
        return render(request, "billing/my_charges.html", context)


class MyMissedView(LoginRequiredMixin, View):
    """Callers to be called back, and the mark that one was (R115)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        now = timezone.now()
        return render(request, "billing/my_missed.html", {"missed": missed_calls(person(request), now=now), "now": now})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Settle one of those that are shown; what is not shown is as if it were not."""
        now = timezone.now()
        wanted = (request.POST.get("card", ""), request.POST.get("caller", ""))
        for missed in missed_calls(person(request), now=now):
            if (str(missed.card.pk), missed.caller_hash) == wanted:
                settle_missed_call(
                    card_id=missed.card.pk, caller_hash=missed.caller_hash, actor=person(request), now=now
                )
                messages.success(request, _("Noted: you called back."))
        return redirect("billing:my-missed")


def _months(today: date) -> list[date]:
    """Return the first days of the last months, the present one first."""
    months = [month_start(today)]
    while len(months) < MONTHS:
        months.append(month_start(date.fromordinal(months[-1].toordinal() - 1)))
    return months

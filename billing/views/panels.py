"""Parts of the card page that usage and money answer for."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.models import LedgerEntry
from billing.rules.runway import Money, runway_days
from billing.selectors.balances import balances, daily_burns, month_charges
from billing.selectors.calls import CallDay, call_days
from billing.selectors.signals import latest
from billing.views.access import MoneyView
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.ui import Chart

LAST_ENTRIES = 5


class CardMoneyView(MoneyView):
    """A card's balance, what we compute beside what the carrier said, and the last entries."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the panel."""
        card = self.card_or_404(pk)
        today = business_day(timezone.now())
        balance = balances([pk]).get(pk)
        burn = daily_burns(today, [pk]).get(balance.account_id) if balance else None
        money = Money(balance=balance.shown, credit_limit=balance.credit_limit, daily_burn=burn) if balance else None
        context = {
            "card": card,
            "balance": balance,
            "burn": burn,
            "runway": runway_days(money) if money else None,
            "month": month_charges(today, [pk]).get(pk, 0),
            "entries": LedgerEntry.objects.filter(card=card).order_by("-id")[:LAST_ENTRIES],
        }
        return render(request, "billing/card_money.html", context)


class CardUsageView(MoneyView):
    """A card's calls by day."""

    permission_required = "billing.view_usagerecord"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the panel."""
        card = self.card_or_404(pk)
        days = call_days(pk, today=business_day(timezone.now()))
        context = {
            "card": card,
            "chart": calls_chart(days),
            "any": any(day.calls for day in days),
            "signals": latest(pk),
        }
        return render(request, "billing/card_usage.html", context)


def calls_chart(days: Sequence[CallDay]) -> Chart:
    """Return the chart of outgoing calls by day, with its table."""
    return Chart(
        id="calls",
        title=_("Outgoing calls a day"),
        option={
            "xAxis": {"type": "category", "data": [f"{day.day:%m-%d}" for day in days]},
            "yAxis": {"type": "value", "minInterval": 1},
            "tooltip": {"trigger": "axis"},
            "series": [
                {
                    "type": "bar",
                    "name": _("Outgoing calls"),
                    "data": [day.calls for day in days],
                    "itemStyle": {"color": "tone:azure"},
                }
            ],
        },
        heads=[_("Day"), _("Outgoing calls"), _("Answered"), _("Different callees"), _("Minutes")],
        rows=[[f"{day.day:%m-%d}", day.calls, day.answered, day.callees, day.seconds // 60] for day in reversed(days)],
    )

"""The part of the card page that money answers for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from billing.models import LedgerEntry
from billing.rules.runway import Money, runway_days
from billing.selectors.balances import balances, daily_burns, month_charges
from billing.selectors.lifetime import lifetime_of
from billing.views.access import MoneyView
from cardfleet.kernel.clock import business_day

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


class LifetimeView(MoneyView):
    """What a card has cost since it was bought."""

    permission_required = "billing.view_costs"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the panel."""
        life = lifetime_of(self.card_or_404(pk), today=business_day(timezone.now()))
        return render(request, "billing/lifetime.html", {"life": life})

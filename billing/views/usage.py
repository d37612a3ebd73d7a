"""The list of calls, on a page of its own."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from billing.filters import UsageFilter
from billing.models import UsageRecord
from billing.views.access import MoneyView, person
from cardfleet.kernel.clock import business_day, day_start
from cards.models import Card

PAGE = 100
DAYS = 31


class UsageView(MoneyView):
    """Calls of one card, newest first; without a card the list asks for one, for no index serves the whole fleet."""

    permission_required = "billing.view_usagerecord"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the calls of a card."""
        cards = Card.objects.visible_to(person(request))
        filters = UsageFilter(request.GET, queryset=UsageRecord.objects.filter(card__in=cards.values("pk")))
        usable = filters.is_valid()
        named = usable and (filters.form.cleaned_data["card"] or filters.form.cleaned_data["msisdn"])
        since = day_start(business_day(timezone.now())) - timedelta(days=DAYS)
        calls = filters.qs.select_related("card", "agent__user", "source") if named else UsageRecord.objects.none()
        if named and not filters.form.cleaned_data["started_after"]:
            calls = calls.filter(started_at__gte=since)
        context = {"filters": filters, "calls": calls.order_by("-started_at")[:PAGE], "named": named, "most": PAGE}
        return render(request, "billing/usage.html", context, status=200 if usable else 400)

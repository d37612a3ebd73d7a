"""Cases as parts of other pages: those of a card, and those due on the board."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cardfleet.kernel.clock import business_day, day_bounds
from lifecycle.playbooks.registry import kinds_opened_by
from lifecycle.selectors.cases import due, of_card
from lifecycle.views.access import person
from lifecycle.views.cases.access import CaseScopeView

OF_A_CARD = 20
ON_THE_BOARD = 8


class CardCasesView(CaseScopeView):
    """The cases of a card, open ones first, and what may be opened."""

    related = ()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show them."""
        card = self.card_or_404(pk)
        found = list(of_card(card.pk)[: OF_A_CARD + 1])
        context = {
            "card": card,
            "cases": found[:OF_A_CARD],
            "more": len(found) > OF_A_CARD,
            "kinds": kinds_opened_by(person(request)),
        }
        return render(request, "lifecycle/cases/card_cases.html", context)


class BoardCasesView(CaseScopeView):
    """The cases whose clocks ran out or run out today or tomorrow."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the first of them."""
        _start, tomorrow = day_bounds(business_day(timezone.now()))
        cases = due(person(request), until=tomorrow + timedelta(days=1))
        context = {"cases": cases[:ON_THE_BOARD], "count": cases.count()}
        return render(request, "lifecycle/cases/board_cases.html", context)

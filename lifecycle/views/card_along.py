"""The way from a card to the next one of the list that a person came from."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cardfleet.lists.asking import read
from lifecycle.lists.fleet import FLEET
from lifecycle.selectors.along import neighbours
from lifecycle.views.access import OfficeView, person

DIGITS = 9


class CardAlongView(OfficeView):
    """The previous and the next card; `list` is the address of the list, `at` the card's place in it, from 0 on."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show them, or that the card left the list."""
        address, at = request.GET.get("list", ""), place_of(request)
        asked = read(FLEET, QueryDict(address), person(request))
        found = neighbours(asked.rows(timezone.now()), sort=asked.sort, card_id=pk, at=at)
        context: dict[str, Any] = {"is_known": True, "along": found}
        if found and found.before is not None:
            context["before"] = way(found.before, address, found.at - 1)
        if found and found.after is not None:
            context["after"] = way(found.after, address, found.at + 1)
        return render(request, "lifecycle/card_along.html", context)


def place_of(request: HttpRequest) -> int:
    """Return the place that the address names, the first for none."""
    text = request.GET.get("at", "")
    return int(text[:DIGITS]) if text.isascii() and text.isdigit() else 0


def way(card_id: int, address: str, at: int) -> str:
    """Return the address of a card that goes on along the list."""
    return f"{reverse('lifecycle:card', args=[card_id])}?{urlencode({'list': address, 'at': at})}"

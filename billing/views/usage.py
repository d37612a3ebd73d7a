"""The list of calls, on a page of its own."""

from typing import Any

from django.core.paginator import Paginator

from billing.lists import DAYS, USAGE, is_named
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage


class UsageView(ListPage):
    """Calls of one card, newest first; without a card the list asks for one, for no index serves the whole fleet."""

    listing = USAGE
    template_name = "billing/usage.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of the calls of a card."""
        calls = asked.ordered(reader.now).select_related("agent__user", "source")
        page = Paginator(calls, asked.size).get_page(asked.query.get("page"))
        return {"page_obj": page, "named": is_named(asked.query), "days": DAYS}

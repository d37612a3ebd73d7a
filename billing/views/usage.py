"""The list of calls, on a page of its own."""

from typing import Any

from billing.lists import DAYS, USAGE, is_named
from cardfleet.kernel.paging import page_of
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
        listed = page_of(calls, number=asked.query.get("page"), size=asked.size)
        return {"page_obj": listed.page, "more": listed.more, "named": is_named(asked.query), "days": DAYS}

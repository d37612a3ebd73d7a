"""Who held which card, and when."""

from typing import Any

from agents.lists import ASSIGNMENTS
from cardfleet.kernel.paging import page_of
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage


class AssignmentsView(ListPage):
    """Assignments in scope, the latest first; undone ones with their reason."""

    listing = ASSIGNMENTS
    template_name = "agents/assignments.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of them."""
        related = ("card__carrier", "agent__user", "team", "handed_by", "returned_to")
        found = asked.ordered(reader.now).select_related(*related)
        listed = page_of(found, number=asked.query.get("page"), size=asked.size)
        return {"page_obj": listed.page, "more": listed.more}

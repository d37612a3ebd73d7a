"""The fleet list."""

from typing import Any

from cardfleet.kernel.clock import business_day
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage
from lifecycle.lists.fleet import FLEET
from lifecycle.selectors.fleet import fleet_page


class FleetView(ListPage):
    """Cards, filtered by the address; an address that does not fit says so and shows no card."""

    listing = FLEET
    template_name = "lifecycle/fleet.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of cards."""
        listed = fleet_page(
            asked.rows(reader.now),
            today=business_day(reader.now),
            number=self.request.GET.get("page", "1"),
            size=asked.size,
            sort=asked.sort,
            with_tags=any(column.code == "tags" for column in asked.columns),
        )
        return {"listed": listed, "page_obj": listed.page}

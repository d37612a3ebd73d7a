"""Accounts whose balance differs from the carrier's by what nothing explains, the largest first (R29)."""

from typing import Any

from django.db.models import Count, Max, Sum

from billing.lists import GAPS
from cardfleet.kernel.paging import page_of
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage


class GapsView(ListPage):
    """The list, and what all that match come to."""

    listing = GAPS
    template_name = "billing/gaps.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of accounts."""
        gaps = asked.ordered(reader.now)
        whole = gaps.order_by().aggregate(count=Count("pk"), total=Sum("size"), looked_at=Max("looked_at"))
        listed = page_of(
            gaps.select_related("account__carrier", "reading"), number=asked.query.get("page"), size=asked.size
        )
        return {"page_obj": listed.page, "more": listed.more, "whole": whole}

"""The bar under a list of cards: `{% load bulk %}{% bulk_bar page_obj listed.more %}`."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.template.context import Context

from cardfleet.lists.asking import filters_of
from lifecycle.bulk.registry import actions_of

register = template.Library()
# So many stand in the bar, in one line at 1280 px; what is done more seldom is in its menu.
IN_BAR = 5


@register.inclusion_tag("lifecycle/fleet_bulk_bar.html", takes_context=True)
def bulk_bar(context: Context, page: Page[Any], more: int = 0) -> dict[str, Any]:
    """Offer what the person may do to ticked cards, or to all that the list matches."""
    request = context["request"]
    actions = actions_of(request.user)
    return {
        "actions": actions[:IN_BAR],
        "further": actions[IN_BAR:],
        "filter": filters_of(request.GET),
        "columns": urlencode([("columns", code) for code in request.GET.getlist("columns")]),
        "total": page.paginator.count,
        "shown": len(page.object_list),
        "more": more,
    }

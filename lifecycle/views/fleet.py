"""The fleet list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.ui import Column
from lifecycle.filters import FleetFilter
from lifecycle.selectors.fleet import fleet_page
from lifecycle.views.access import OfficeView

COLUMNS = [
    Column(label=_("Number / ICCID"), sort="number"),
    Column(label=_("Carrier · plan"), sort="carrier", css="off-phone"),
    Column(label=_("State (reason)"), sort="state"),
    Column(label=_("Holder · team"), sort="holder"),
    Column(label=_("Balance"), css="num"),
    Column(label=_("Calls today / cap"), css="off-phone"),
    Column(label=_("Risk"), sort="risk"),
    Column(label=_("Expiry"), sort="expiry", css="off-phone"),
    Column(label=_("Last call"), css="off-phone"),
    Column(label=_("Custody / location"), css="off-phone"),
]
SIZES = (25, 50, 100)


class FleetView(OfficeView):
    """Cards, filtered by the address; an unusable filter says so and shows no card."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the list."""
        filters = FleetFilter(request.GET, queryset=self.cards(), request=request)
        usable = filters.is_valid()
        size = request.GET.get("size", "")
        listed = fleet_page(
            filters.qs if usable else self.cards().none(),
            today=business_day(timezone.now()),
            number=request.GET.get("page", "1"),
            size=int(size) if size.isdigit() and int(size) in SIZES else SIZES[1],
            sort=request.GET.get("sort", ""),
        )
        context = {
            "filters": filters,
            "listed": listed,
            "page_obj": listed.page,
            "columns": COLUMNS,
            "sizes": SIZES,
            "chosen": _chosen(filters) if usable else [],
        }
        return render(request, "lifecycle/fleet.html", context, status=200 if usable else 400)


def _chosen(filters: FleetFilter) -> list[tuple[str, str, str]]:
    """Return name, label and value in words of each filter that is set, for the chips."""
    chips = []
    for name, field in filters.form.fields.items():
        value = filters.form.cleaned_data.get(name)
        if name == "search" or value in (None, "", []) or (hasattr(value, "exists") and not filters.data.getlist(name)):
            continue
        chips.append((name, str(field.label), _in_words(field, filters.data.getlist(name), value)))
    return chips


def _in_words(field: object, raw: list[str], value: object) -> str:
    choices = dict(getattr(field, "choices", ()) or ()) if not hasattr(field, "queryset") else {}
    if choices:
        return "、".join(str(choices.get(item, item)) for item in raw)
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return "、".join(str(item) for item in value)
    return str(_("yes") if value is True else _("no") if value is False else value)

"""The fleet list."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.ui import Column
from lifecycle.exporters.fleet import fleet_csv
from lifecycle.filters import FleetFilter
from lifecycle.selectors.fleet import fleet_page
from lifecycle.services.exports import record_export
from lifecycle.views.access import OfficeView, person

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
VIEWS = (
    (_("All"), ""),
    (_("Stopped"), "stopped=true"),
    (_("High risk"), "risk=high"),
    (_("Arrears"), "alert=arrears&alert=low_balance"),
    (_("Expiring within 30 days"), "expires_within=30"),
    (_("Spare"), "custody_state=spare&custody_state=in_stock"),
    (_("To be accepted"), "unaccepted=true"),
)
IN_MENU = ("service_state", "custody_state", "carrier", "plan", "team", "holder", "risk", "alert", "expires_within")


@dataclass(frozen=True)
class SavedView:
    """A tab above the list: its words and its address."""

    label: str
    url: str
    current: bool


class FleetView(OfficeView):
    """Cards, filtered by the address; an unusable filter says so and shows no card."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the list."""
        filters = FleetFilter(request.GET, queryset=self.cards(), request=request)
        filters.filters = {name: found for name, found in filters.filters.items() if name in request.GET}
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
            "kept": [(name, value) for name in IN_MENU for value in request.GET.getlist(name) if value],
            "views": _views(request.GET),
        }
        return render(request, "lifecycle/fleet.html", context, status=200 if usable else 400)


class FleetFiltersView(OfficeView):
    """The menu of filters, fetched when it is opened: to list carriers, plans and teams costs as much as the page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the fields with what the address says."""
        form = FleetFilter(request.GET, queryset=self.cards(), request=request).form
        return render(request, "lifecycle/fleet_filters.html", {"fields": [form[name] for name in IN_MENU]})


class FleetExportView(OfficeView):
    """The listed cards as CSV, streamed; that somebody took it is journalled."""

    permission_required = "cards.export_card"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file."""
        filters = FleetFilter(request.GET, queryset=self.cards(), request=request)
        if not filters.is_valid():
            raise Http404
        user, now = person(request), timezone.now()
        record_export(actor=user, filters=sorted(request.GET), now=now)
        table = fleet_csv(filters.qs, whole_numbers=user.has_perm("cards.view_full_number"))
        name = f"cards-{business_day(now):%Y%m%d}.csv"
        return StreamingHttpResponse(
            table,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _views(query: QueryDict) -> list[SavedView]:
    """Return the tabs, with the one whose filters are those of the address marked."""
    base, plain = reverse("lifecycle:fleet"), query.copy()
    for name in ("page", "sort", "size"):
        plain.pop(name, None)
    now = sorted((name, value) for name in plain for value in plain.getlist(name) if value)
    views = []
    for label, filters in VIEWS:
        wanted = QueryDict(filters)
        same = sorted((name, value) for name in wanted for value in wanted.getlist(name)) == now
        views.append(SavedView(str(label), f"{base}?{filters}" if filters else base, same))
    return views


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

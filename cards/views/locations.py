"""The register of places: what lies where, and cards put elsewhere by scanning (R7, R95)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cards.forms.stock import LocationForm, MoveForm, SlotsForm
from cards.models import Location
from cards.selectors.locations import idle_stock, stock_map, stored
from cards.selectors.scans import find_scanned
from cards.services.locations import add_slots, edit_location, move_cards, record_location
from cards.views.access import StockView

A_PAGE = 50


class StockMapView(StockView):
    """All places; a new one is recorded here."""

    permission_required = "cards.view_location"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them; `?name=` fills the form with a name that cards hold already."""
        return self.page(LocationForm(initial={"name": request.GET.get("name", "")[:80]}))

    def page(self, form: LocationForm, *, status: int = 200) -> HttpResponse:
        """Show the places around the form."""
        cards = self.cards()
        context = {"map": stock_map(cards), "idle": idle_stock(cards, now=timezone.now()), "form": form}
        return render(self.request, "cards/stock.html", context, status=status)


class LocationRecordView(StockMapView):
    """Record a place."""

    permission_required = "cards.add_location"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Lead to the places; a sign-in on the way ends here."""
        return redirect("cards:stock")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record it."""
        form = LocationForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            record_location(facts=form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        messages.success(request, _("The place is recorded."))
        return redirect("cards:stock")


class LocationView(StockView):
    """One place: the cards that lie there."""

    permission_required = "cards.view_location"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.location(pk))

    def location(self, pk: int) -> Location:
        """Return the place; places are the company's and seen by the whole office."""
        found = Location.objects.select_related("within", "custodian").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def page(self, location: Location, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the place around its forms, one of which may hold what was typed."""
        lying = stored(self.cards()).filter(location=location.name).select_related("carrier", "team").order_by("pk")
        facts = {"name": location.name, "within": location.within, "capacity": location.capacity, "note": location.note}
        context = {
            "location": location,
            "slots": list(location.slots.all()),
            "page_obj": Paginator(lying, A_PAGE).get_page(self.request.GET.get("page")),
            "move_form": MoveForm(),
            "slots_form": SlotsForm(),
            "form": LocationForm(initial=facts),
            **context,
        }
        return render(self.request, "cards/location.html", context, status=status)


class LocationDeedView(LocationView):
    """Something done to a place; a GET shows the place."""

    permission_required = "cards.change_location"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back to the place; a sign-in on the way ends here."""
        return redirect("cards:location", pk)


class LocationEditView(LocationDeedView):
    """Change a place."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it, with the cards that name it."""
        location, form = self.location(pk), LocationForm(request.POST)
        if not form.is_valid():
            return self.page(location, form=form, status=422)
        try:
            edit_location(location_id=pk, changes=form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(self.location(pk), form=form, status=refusal.status)
        messages.success(request, _("The place is changed."))
        return redirect("cards:location", pk)


class SlotsView(LocationDeedView):
    """Record the slots of a place."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record them."""
        location, form = self.location(pk), SlotsForm(request.POST)
        if not form.is_valid():
            return self.page(location, slots_form=form, status=422)
        try:
            add_slots(location_id=pk, **form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(location, slots_form=form, status=refusal.status)
        messages.success(request, _("The slots are recorded."))
        return redirect("cards:location", pk)


class MoveView(LocationDeedView):
    """Put scanned cards into a place."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put them there; scans that name no card, and cards in hands, are told without losing the others."""
        location, form = self.location(pk), MoveForm(request.POST)
        if not form.is_valid():
            return self.page(location, move_form=form, status=422)
        scanned = find_scanned(self.cards(), form.cleaned_data["cards"])
        ids = [card.pk for card in scanned.cards]
        try:
            moved = move_cards(location_id=pk, card_ids=ids, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            return self.page(location, move_form=form, refusal=refusal, status=refusal.status)
        if moved.cards:
            count = len(moved.cards)
            said = ngettext("%(count)s card lies here now.", "%(count)s cards lie here now.", count)
            messages.success(request, said % {"count": count})
        if unknown := [*scanned.unknown, *moved.refused]:
            return self.page(location, unknown=unknown)
        return redirect("cards:location", pk)

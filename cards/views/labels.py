"""Labels: which cards, on what, and the page that is printed."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.qr import qr
from cards.forms.labels import LabelsForm
from cards.models import Card
from cards.rules.labels import LAYOUTS, MOST_LABELS
from cards.selectors.labels import labels
from cards.selectors.scans import find_scanned
from cards.views.access import StockView


class LabelsView(StockView):
    """Choose cards and a label stock; `?cards=1,2,3` names them by id, as the fleet list does."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Ask which labels."""
        typed = "\n".join(card.iccid for card in self.named())
        return self.page(LabelsForm(initial={"cards": typed}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Lead to the sheets, or say which scans name no card."""
        form = LabelsForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        given = form.cleaned_data
        scanned = find_scanned(self.cards(), given["cards"])
        if scanned.unknown:
            return self.page(form, status=422, unknown=scanned.unknown)
        ids = ",".join(str(card.pk) for card in scanned.cards[:MOST_LABELS])
        asked = {"layout": given["layout"], "used": given["used"] or 0, "cards": ids}
        return redirect(f"{reverse('cards:labels-print')}?{urlencode(asked, safe=',')}")

    def named(self) -> list[Card]:
        """Return the cards in scope that the address names, in its order."""
        ids = [int(part) for part in self.request.GET.get("cards", "").split(",") if part.isdigit()][:MOST_LABELS]
        found = self.cards().select_related("carrier").in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def page(self, form: LabelsForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page around a form."""
        site = self.request.build_absolute_uri("/").rstrip("/")
        my_cards = qr(f"{site}{url_or_empty('lifecycle:my')}")
        context |= {"form": form, "my_cards": my_cards, "most": MOST_LABELS}
        return render(self.request, "cards/labels.html", context, status=status)


class LabelsPrintView(LabelsView):
    """The sheets."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them as they are printed."""
        layout = LAYOUTS.get(request.GET.get("layout", "a4-24"))
        if layout is None:
            raise Http404
        used = request.GET.get("used", "0")
        site = request.build_absolute_uri("/").rstrip("/")
        sheets = labels(self.named(), layout, site=site, used=int(used) if used.isdigit() else 0)
        return render(request, "cards/labels_print.html", {"sheets": sheets, "layout": layout})


class MyCardsCodeView(StockView):
    """The code that agents scan to open My cards, as a sheet for the wall."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it as it is printed."""
        address = request.build_absolute_uri(url_or_empty("lifecycle:my"))
        return render(request, "cards/my_cards_code.html", {"code": qr(address), "address": address})

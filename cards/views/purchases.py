"""Orders: placed with warnings told, received by scanning or from an import batch, invoiced, closed (R22)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cards.errors import SupplierDoubtful
from cards.forms.stock import CloseForm, InvoiceForm, LineFormSet, OrderForm, ReceiveForm
from cards.models import PurchaseOrder
from cards.selectors.purchases import order_standings
from cards.selectors.scans import find_scanned
from cards.services.purchases import close_order, place_order, receive_cards, record_invoice
from cards.views.access import StockView

A_PAGE = 50


class PurchasesView(StockView):
    """All orders, the latest first."""

    permission_required = "cards.view_purchaseorder"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        orders = PurchaseOrder.objects.select_related("supplier", "ordered_by", "invoice")
        page = Paginator(orders, A_PAGE).get_page(request.GET.get("page"))
        context = {"standings": order_standings(page.object_list), "page_obj": page}
        return render(request, "cards/purchases.html", context)


class PurchaseNewView(StockView):
    """Place an order."""

    permission_required = "cards.add_purchaseorder"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask what is ordered of whom."""
        today = business_day(timezone.now())
        known = {"number": next_number(today), "ordered_on": today, "supplier": request.GET.get("supplier")}
        return self.page(OrderForm(initial=known), LineFormSet(prefix="lines"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Place it, or show what speaks against the supplier and ask why all the same."""
        form, lines = OrderForm(request.POST), LineFormSet(request.POST, prefix="lines")
        if not (form.is_valid() and lines.is_valid()):
            return self.page(form, lines, status=422)
        given = [line.cleaned_data for line in lines if line.has_changed()]
        try:
            order = place_order(**form.cleaned_data, lines=given, actor=self.person, now=timezone.now())
        except SupplierDoubtful as refusal:
            return self.page(form, lines, refusal=refusal, status=refusal.status)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, lines, status=refusal.status)
        messages.success(request, _("The order is recorded."))
        return redirect("cards:purchase", order.pk)

    def page(self, form: OrderForm, lines: Any, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the form with its lines."""
        return render(self.request, "cards/purchase_new.html", {"form": form, "lines": lines, **context}, status=status)


class PurchaseView(StockView):
    """One order: lines, cards, invoice."""

    permission_required = "cards.view_purchaseorder"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.order(pk))

    def order(self, pk: int) -> PurchaseOrder:
        """Return the order."""
        found = PurchaseOrder.objects.select_related("supplier", "ordered_by", "invoice").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def page(self, order: PurchaseOrder, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the order around its forms, one of which may hold what was typed."""
        cards = self.cards().filter(receipt__line__order=order).select_related("carrier", "receipt__line")
        [standing] = order_standings([order])
        context = {
            "standing": standing,
            "order": order,
            "lines": order.lines.select_related("carrier", "plan"),
            "page_obj": Paginator(cards.order_by("pk"), A_PAGE).get_page(self.request.GET.get("page")),
            "receive_form": ReceiveForm(),
            "invoice_form": InvoiceForm(initial={"invoice_no": order.invoice_no, "invoiced_on": order.invoiced_on}),
            "close_form": CloseForm(),
            **context,
        }
        return render(self.request, "cards/purchase.html", context, status=status)


class PurchaseDeedView(PurchaseView):
    """Something done to an order; a GET shows the order."""

    permission_required = "cards.change_purchaseorder"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back; a sign-in on the way ends here."""
        return redirect("cards:purchase", pk)


class ReceiveView(PurchaseDeedView):
    """Receive cards."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Receive them; what does not belong to the order is told without losing the rest."""
        order, form = self.order(pk), ReceiveForm(request.POST)
        if not form.is_valid():
            return self.page(order, receive_form=form, status=422)
        scanned = find_scanned(self.cards(), form.cleaned_data["cards"])
        batch = form.cleaned_data["batch"]
        ids = None if batch else [card.pk for card in scanned.cards]
        try:
            came = receive_cards(
                order_id=pk, cards=self.cards(), card_ids=ids, batch=batch, actor=self.person, now=timezone.now()
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(order, receive_form=form, status=refusal.status)
        count = len(came.cards)
        said = ngettext("%(count)s card is received.", "%(count)s cards are received.", count)
        messages.success(request, said % {"count": count})
        if unknown := [*scanned.unknown, *came.refused]:
            return self.page(order, unknown=unknown)
        return redirect("cards:purchase", pk)


class InvoiceView(PurchaseDeedView):
    """Record the invoice."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it, with its file."""
        order, form = self.order(pk), InvoiceForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(order, invoice_form=form, status=422)
        given = form.cleaned_data
        file = given.pop("file")
        about = {"content": file, "name": file.name if file else ""}
        try:
            record_invoice(order_id=pk, **given, **about, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(self.order(pk), invoice_form=form, status=refusal.status)
        messages.success(request, _("The invoice is recorded."))
        return redirect("cards:purchase", pk)


class OrderCloseView(PurchaseDeedView):
    """Close an order short."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close it."""
        order, form = self.order(pk), CloseForm(request.POST)
        if not form.is_valid():
            return self.page(order, close_form=form, status=422)
        try:
            close_order(order_id=pk, reason=form.cleaned_data["reason"], actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(order, close_form=form, status=refusal.status)
        messages.success(request, _("The order is closed."))
        return redirect("cards:purchase", pk)


def next_number(today: date) -> str:
    """Return a number that no order of the day has."""
    start = f"PO-{today:%Y%m%d}-"
    return f"{start}{PurchaseOrder.objects.filter(number__startswith=start).count() + 1:02}"

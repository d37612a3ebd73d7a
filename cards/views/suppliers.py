"""Suppliers: who may sell, and what speaks against it (R22)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cards.forms.stock import ProofForm, SupplierForm
from cards.models import Supplier
from cards.selectors.purchases import order_standings, supplier_standings, warnings_of
from cards.services.suppliers import edit_supplier, prove_supplier, record_supplier
from cards.views.access import StockView


class SuppliersView(StockView):
    """All suppliers; a new one is recorded here."""

    permission_required = "cards.view_supplier"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page(SupplierForm())

    def page(self, form: SupplierForm, *, status: int = 200) -> HttpResponse:
        """Show them around the form."""
        standings = supplier_standings(on=business_day(timezone.now()))
        return render(self.request, "cards/suppliers.html", {"standings": standings, "form": form}, status=status)


class SupplierRecordView(SuppliersView):
    """Record a supplier."""

    permission_required = "cards.add_supplier"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Lead to the suppliers; a sign-in on the way ends here."""
        return redirect("cards:suppliers")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record it, and show what speaks against it."""
        form = SupplierForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            supplier = record_supplier(facts=form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        messages.success(request, _("The supplier is recorded."))
        return redirect("cards:supplier", supplier.pk)


class SupplierView(StockView):
    """One supplier."""

    permission_required = "cards.view_supplier"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.supplier(pk))

    def supplier(self, pk: int) -> Supplier:
        """Return the supplier."""
        found = Supplier.objects.select_related("proof").prefetch_related("carriers").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def page(self, supplier: Supplier, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the supplier around its forms, one of which may hold what was typed."""
        facts = {name: getattr(supplier, name) for name in ("name", "channel", "contact", "promises")}
        context = {
            "supplier": supplier,
            "warnings": warnings_of(supplier, on=business_day(timezone.now())),
            "orders": order_standings(supplier.orders.all()[:50]),
            "form": SupplierForm(initial={**facts, "carriers": supplier.carriers.all()}),
            "proof_form": ProofForm(),
            **context,
        }
        return render(self.request, "cards/supplier.html", context, status=status)


class SupplierDeedView(SupplierView):
    """Something done to a supplier; a GET shows the supplier."""

    permission_required = "cards.change_supplier"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back; a sign-in on the way ends here."""
        return redirect("cards:supplier", pk)


class SupplierEditView(SupplierDeedView):
    """Change a supplier."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it."""
        supplier, form = self.supplier(pk), SupplierForm(request.POST)
        if not form.is_valid():
            return self.page(supplier, form=form, status=422)
        try:
            edit_supplier(supplier_id=pk, changes=form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(supplier, form=form, status=refusal.status)
        messages.success(request, _("The supplier is changed."))
        return redirect("cards:supplier", pk)


class ProofView(SupplierDeedView):
    """Store an authorisation."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store it; the type is read from the content."""
        supplier, form = self.supplier(pk), ProofForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(supplier, proof_form=form, status=422)
        file, until = form.cleaned_data["proof"], form.cleaned_data["until"]
        try:
            prove_supplier(
                supplier_id=pk, content=file, name=file.name, until=until, actor=self.person, now=timezone.now()
            )
        except Refusal as refusal:
            form.add_error("proof", str(refusal))
            return self.page(supplier, proof_form=form, status=refusal.status)
        messages.success(request, _("The proof is stored."))
        return redirect("cards:supplier", pk)

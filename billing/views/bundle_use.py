"""Messages and data of cards from a carrier's summary: brought as a file, and what was recorded last (R27, R81)."""

from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from billing.forms.bundle_use import BundleUseForm
from billing.models import BundleUse
from billing.services.bundle_use import import_bundle_use
from billing.views.access import MoneyView, person
from cardfleet.kernel.errors import Refusal

RECENT = 30
SHOWN = 200


class BundleUseView(MoneyView):
    """Bring a file, and see what became of its rows."""

    permission_required = "billing.import_usage"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Ask for the file."""
        return self.page(BundleUseForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record what it says, and show the rows that were refused."""
        form = BundleUseForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        file = form.cleaned_data["file"]
        try:
            done = import_bundle_use(
                file=cast("BinaryIO", file),
                name=file.name,
                month=form.cleaned_data["month"],
                actor=person(request),
                now=timezone.now(),
            )
        except Refusal as refusal:
            return self.page(form, status=refusal.status, refusal=refusal)
        return self.page(BundleUseForm(), done=done, refused=done.refused[:SHOWN])

    def page(self, form: BundleUseForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the form, the outcome if there is one, and what was recorded last in scope."""
        uses = BundleUse.objects.visible_to(person(self.request)).select_related("card__carrier")
        context |= {"form": form, "uses": uses.order_by("-recorded_at", "-id")[:RECENT]}
        return render(self.request, "billing/bundle_use.html", context, status=status)

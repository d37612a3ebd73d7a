"""Messages and data of cards from a carrier's summary: brought as a file, and what was recorded last (R27, R81)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from billing.forms.bundle_use import BundleUseForm
from billing.models import BundleUse
from billing.services.bundle_use import start_bundle_use
from billing.views.access import MoneyView, person
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal

RECENT = 30


class BundleUseView(MoneyView):
    """Bring a file; what becomes of its rows is on the page of its job."""

    permission_required = "billing.import_usage"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Ask for the file."""
        return self.page(BundleUseForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Have a worker record what it says."""
        form = BundleUseForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        file, month = form.cleaned_data["file"], form.cleaned_data["month"]
        try:
            job = start_bundle_use(content=file, name=file.name, month=month, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        enqueue(job)
        return redirect("jobs:detail", pk=job.pk)

    def page(self, form: BundleUseForm, *, status: int = 200) -> HttpResponse:
        """Show the form, and what was recorded last in scope."""
        uses = BundleUse.objects.visible_to(person(self.request)).select_related("card__carrier")
        context = {"form": form, "uses": uses.order_by("-recorded_at", "-id")[:RECENT]}
        return render(self.request, "billing/bundle_use.html", context, status=status)

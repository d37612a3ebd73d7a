"""What callees said: counts, the latest entries, files, one number asked for, an entry withdrawn (R40, R57, R60)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.choices import ListingKind
from agents.forms import CalleeCheckForm, CalleeImportForm, ReasonForm
from agents.models import CalleeListing
from agents.selectors.callees import latest_listings, list_counts, listings_of, read_number, standing_of
from agents.services.callee_import import ask_callee_import
from agents.services.callees import withdraw
from agents.views.access import AgentsView
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.errors import BadInput


class CalleesPage(AgentsView):
    """The page of the lists, whatever is asked of it."""

    permission_required = "agents.view_calleelisting"

    def page(self, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Show counts and entries beside the two forms, one of which may hold what was typed."""
        kind = self.request.GET.get("kind", "")
        kind = kind if kind in ListingKind.values else ListingKind.DO_NOT_CALL
        context = {
            "counts": list_counts(timezone.now()),
            "kind": ListingKind(kind),
            "latest": latest_listings(kind),
            "upload": CalleeImportForm(),
            "check": CalleeCheckForm(),
            **shown,
        }
        return render(self.request, "agents/callees.html", context, status=status)


class CalleesView(CalleesPage):
    """The lists; a file is sent here."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the lists."""
        return self.page()


class CalleeImportView(CalleesPage):
    """Send a file of refusals and consents."""

    permission_required = "agents.add_calleelisting"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file and call a worker; say what is wrong with a file that is none."""
        form = CalleeImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(upload=form, status=422)
        given = form.cleaned_data
        try:
            job = ask_callee_import(upload=given["file"], proof=given["proof"], actor=self.person, now=timezone.now())
        except BadInput as refusal:
            form.add_error("file", " ".join(str(reason.message) for reason in refusal.reasons) or str(refusal))
            return self.page(upload=form, status=422)
        enqueue(job)
        return redirect("jobs:detail", job.pk)


class CalleeCheckView(CalleesPage):
    """Ask for one number; posted, so that it stands in no address and no log."""

    permission_required = "agents.check_callee"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show what holds for the number, and its entries."""
        form = CalleeCheckForm(request.POST)
        if not form.is_valid():
            return self.page(check=form, status=422)
        try:
            number = read_number(form.cleaned_data["number"])
        except BadInput as refusal:
            form.add_error("number", " ".join(str(reason.message) for reason in refusal.reasons))
            return self.page(check=form, status=422)
        standing = standing_of(number, "", timezone.now())
        return self.page(check=form, standing=standing, found=listings_of(number))


class CalleeWithdrawView(CalleesPage):
    """Withdraw an entry."""

    permission_required = "agents.withdraw_calleelisting"

    def post(self, request: HttpRequest, listing: int) -> HttpResponse:
        """End the entry for the reason given."""
        form = ReasonForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        entry = get_object_or_404(CalleeListing, pk=listing)
        withdraw(listing_id=entry.pk, reason=reason, actor=self.person, now=timezone.now())
        messages.success(request, _("The entry was withdrawn."))
        return redirect("agents:callees")

"""The close of months, done by finance (R27)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import ClosingCheck
from billing.forms.closing import ClosingForm
from billing.selectors.closing_page import closing
from billing.services.closing import close_month
from billing.views.access import MoneyView, person
from cardfleet.kernel.errors import Refusal

# Where what was found is settled.
SETTLED_AT = {
    ClosingCheck.WAITING: "billing:usage-import",
    ClosingCheck.FAILED: "billing:usage-import",
    ClosingCheck.REFUSED_ROWS: "billing:usage-import",
    ClosingCheck.LACKING: "billing:usage-import",
    ClosingCheck.STATEMENTS: "billing:bills",
    ClosingCheck.BILLS: "billing:bills",
    ClosingCheck.DISPUTES: "billing:bills",
    ClosingCheck.CLAIMS: "billing:claims",
    ClosingCheck.TOP_UPS: "billing:top-ups",
}


class ClosingView(MoneyView):
    """Months, what stands against closing the next, and the button."""

    permission_required = "billing.view_closedmonth"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.shown(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Close the month, or say what stands against it."""
        if not request.user.has_perm("billing.close_month"):
            return self.handle_no_permission()
        form = ClosingForm(request.POST)
        if not form.is_valid():
            return self.shown(request, status=422)
        given = form.cleaned_data
        try:
            close_month(month=given["month"], is_seen=given["is_seen"], actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.shown(request, refusal=refusal, status=refusal.status)
        messages.success(request, _("The month is closed."))
        return redirect("billing:closing")

    def shown(self, request: HttpRequest, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
        """Return the page."""
        found = closing(now=timezone.now())
        checks = [(one, reverse(SETTLED_AT[one.check]) if one.check in SETTLED_AT else "") for one in found.found]
        form = ClosingForm(initial={"month": found.following})
        context = {"closing": found, "checks": checks, "form": form, "refusal": refusal}
        return render(request, "billing/closing.html", context, status=status)

"""A complaint about a bill, made from the bill's page; its term goes by the company's calendar."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.forms.bills import DisputeForm
from billing.forms.usable import usable
from billing.views.bills import BillDeedView
from cardfleet.kernel.errors import Refusal
from lifecycle.services.disputes import open_dispute
from lifecycle.views.access import person


class BillDisputeView(BillDeedView):
    """Complain about ticked differences."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open the dispute and show it with its letter."""
        bill = self.bill(pk)
        try:
            dispute = open_dispute(
                bill=bill,
                differences=[int(pick) for pick in request.POST.getlist("pick") if pick.isdigit()],
                actor=person(request),
                now=timezone.now(),
                **usable(DisputeForm(request.POST)),
            )
        except Refusal as refusal:
            return self.page(bill, status=refusal.status, refusal=refusal)
        messages.success(request, _("The complaint is noted. Print its letter and send it."))
        return redirect("billing:dispute", dispute.pk)

"""One dispute: its differences, its letter, the carrier's answer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import DisputeState
from billing.forms.bills import AnswerForm
from billing.forms.usable import usable
from billing.models import Dispute, LedgerEntry
from billing.services.disputes import Answer, close_dispute
from billing.views.access import MoneyView, person
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.money import ZERO


class DisputeView(MoneyView):
    """A dispute, and the carrier's answer to it."""

    permission_required = "billing.view_dispute"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.dispute(pk))

    def dispute(self, pk: int) -> Dispute:
        """Return a dispute in scope; another is as if it were not."""
        disputes = Dispute.objects.visible_to(person(self.request)).select_related(
            "account__carrier", "opened_by", "reply_file"
        )
        found = disputes.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def page(self, dispute: Dispute, *, status: int = 200, **more: Any) -> HttpResponse:
        """Show the page."""
        today = business_day(timezone.now())
        context = {
            "dispute": dispute,
            "differences": dispute.differences.select_related("card", "bill").order_by("-amount", "id"),
            "credits": LedgerEntry.objects.filter(key__startswith=dispute.credit_key).select_related("card"),
            "is_overdue": dispute.state == DisputeState.OPEN and dispute.due_on < today,
            "form": AnswerForm.of(dispute, today),
            "today": today,
        }
        return render(self.request, self.template, context | more, status=status)

    template = "billing/dispute.html"


class DisputeLetterView(DisputeView):
    """The letter to the carrier, to be printed and sealed."""

    template = "billing/dispute_letter.html"


class DisputeCloseView(DisputeView):
    """Record what the carrier answered."""

    permission_required = "billing.settle_bill"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close it, or say why not."""
        dispute = self.dispute(pk)
        form = AnswerForm(request.POST, request.FILES)
        try:
            given = usable(form)
            answer = Answer(
                outcome=DisputeState(given["outcome"]),
                answered_on=given["answered_on"],
                reply=given["reply"],
                credited=given["credited"] or ZERO,
                file=given["file"],
            )
            close_dispute(dispute=dispute, answer=answer, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            return self.page(dispute, status=refusal.status, refusal=refusal, form=form)
        messages.success(request, _("The answer is recorded."))
        return redirect("billing:dispute", pk)

"""What is paid out for claims: by whom, when, under which reference; its list for the bank or cashier (R67)."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import ClaimState
from billing.exporters.claims import as_csv, file_name
from billing.forms.claims import PaymentForm
from billing.lists import PAYMENTS
from billing.models import Claim, PaymentBatch
from billing.services.claim_decisions import export_payment, pay_claims
from billing.views.access import MoneyView, person
from billing.views.claims import WHO
from cardfleet.accounts.models import User
from cardfleet.kernel.downloads import streamed
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.paging import page_of
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage

LATEST = 5


class PaymentsView(MoneyView):
    """Approved claims to be paid out together, and what was paid last."""

    permission_required = "billing.pay_claim"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page(PaymentForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record the payment of the claims that are ticked."""
        form = PaymentForm(request.POST)
        ids = [int(pk) for pk in request.POST.getlist("pick") if pk.isdigit()]
        try:
            batch = pay_claims(
                claim_ids=ids, reference=request.POST.get("reference", ""), actor=person(request), now=timezone.now()
            )
        except Refusal as refusal:
            return self.page(form, refusal=refusal, picked=ids)
        messages.success(request, _("Recorded as paid. The claimants are told."))
        return redirect("billing:payment", batch.pk)

    def page(
        self, form: PaymentForm, *, refusal: Refusal | None = None, picked: list[int] | None = None
    ) -> HttpResponse:
        """Return the page, with what was refused."""
        user = person(self.request)
        approved = Claim.objects.visible_to(user).filter(state=ClaimState.APPROVED).select_related(*WHO).order_by("id")
        rows = [(claim, user.pk not in (claim.filed_by_id, claim.decided_by_id)) for claim in approved]
        context = {
            "form": form,
            "rows": rows,
            "picked": picked,
            "total": approved.aggregate(total=Sum("payable"))["total"],
            "payments": _payments(user)[:LATEST],
            "refusal": refusal,
        }
        return render(self.request, "billing/payments.html", context, status=refusal.status if refusal else 200)


class PastPaymentsView(ListPage):
    """All payments, the latest first."""

    listing = PAYMENTS
    template_name = "billing/past_payments.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of them."""
        found = asked.ordered(reader.now).select_related("paid_by")
        listed = page_of(found, number=asked.query.get("page"), size=asked.size)
        return {"page_obj": listed.page, "more": listed.more}


class PaymentView(MoneyView):
    """One payment and its claims."""

    permission_required = "billing.pay_claim"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        batch = get_object_or_404(_payments(person(request)), pk=pk)
        claims = batch.claims.select_related(*WHO).order_by("id")
        return render(request, "billing/payment.html", {"batch": batch, "claims": claims})


class PaymentExportView(MoneyView):
    """The list of a payment as CSV; that somebody took it is journalled."""

    permission_required = "billing.pay_claim"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Answer with the file."""
        batch = get_object_or_404(_payments(person(request)), pk=pk)
        rows = export_payment(batch=batch, actor=person(request), now=timezone.now())
        return streamed(file_name(batch), as_csv(rows))


def _payments(reader: User) -> QuerySet[PaymentBatch]:
    return PaymentBatch.objects.visible_to(reader).select_related("paid_by")

"""One claim, for its claimant and for who decides on it; finance's list and the printed form (R67)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.choices import ClaimState
from billing.forms.claims import RefusalForm, SendForm
from billing.lists import CLAIMS
from billing.models import Claim
from billing.rules.capitals import in_capitals
from billing.selectors.claim_checks import CheckedClaim, check_claim
from billing.selectors.claim_terms import claim_terms, left_in
from billing.services.claim_decisions import approve_claim, checked_as_sent, put_draft_away, refuse_claim
from billing.services.claims import remove_line, reopen_claim, submit_claim, withdraw_claim
from billing.views.access import MoneyView, person
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal, Text
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage

WHO = ("claimant__user__team", "filed_by", "decided_by", "paid_by", "team", "batch")


class ClaimsView(ListPage):
    """Claims in scope; those that wait where nothing else is asked."""

    listing = CLAIMS
    template_name = "billing/claims.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of claims."""
        claims = asked.ordered(reader.now).select_related("claimant__user__team", "decided_by")
        page = Paginator(claims, asked.size).get_page(asked.query.get("page", "1"))
        return {"rows": list(page.object_list), "page_obj": page}


class OneClaimView(MoneyView):
    """A page about one claim that the person sees."""

    permission_required = "billing.view_claim"

    def claim_or_404(self, pk: int) -> Claim:
        """Return it; one outside is as if it were not."""
        return get_object_or_404(Claim.objects.visible_to(person(self.request)).select_related(*WHO), pk=pk)


class ClaimView(OneClaimView):
    """A claim: its invoices, what fits and what does not, and what the person may do with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.claim_or_404(pk))

    def page(self, claim: Claim, *, refusal: Refusal | None = None) -> HttpResponse:
        """Return the page, with what was refused."""
        user = person(self.request)
        is_own = claim.filed_by_id == user.pk
        context = {
            "claim": claim,
            "checked": _checked(claim),
            "refusal": refusal,
            "is_own": is_own,
            "may_decide": not is_own and user.has_perm("billing.approve_claim"),
            "send_form": SendForm(initial={"note": claim.note}),
            "refuse_form": RefusalForm(auto_id="refuse_%s"),
        }
        return render(self.request, "billing/claim.html", context, status=refusal.status if refusal else 200)


class ClaimSendView(ClaimView):
    """Send one's draft."""

    permission_required = "billing.add_claim"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send it, or say on its page what does not fit."""
        claim = self.claim_or_404(pk)
        note = request.POST.get("note", "")
        try:
            submit_claim(claim_id=claim.pk, note=note, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return self.page(claim, refusal=refusal)
        messages.success(request, _("Sent. Finance looks at it, and you are told."))
        return redirect("billing:claim", pk)


class ClaimWithdrawView(OneClaimView):
    """Take one's claim back."""

    permission_required = "billing.add_claim"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        withdraw_claim(claim_id=self.claim_or_404(pk).pk, actor=person(request), now=timezone.now())
        messages.success(request, _("The claim is taken back."))
        return redirect("billing:my-claims")


class ClaimReopenView(OneClaimView):
    """Take one's refused claim up again."""

    permission_required = "billing.add_claim"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make it a draft."""
        reopen_claim(claim_id=self.claim_or_404(pk).pk, actor=person(request), now=timezone.now())
        return redirect("billing:claim", pk)


class ClaimLineRemoveView(OneClaimView):
    """Take an invoice out of one's draft."""

    permission_required = "billing.add_claim"

    def post(self, request: HttpRequest, pk: int, line: int) -> HttpResponse:
        """Take it out."""
        claim = self.claim_or_404(pk)
        remove_line(claim_id=claim.pk, line_id=line, actor=person(request), now=timezone.now())
        return redirect("billing:claim", pk)


class ClaimDecisionView(ClaimView):
    """What who decides on claims does to one of somebody else; `said` tells that it is done."""

    permission_required = "billing.approve_claim"
    http_method_names = ("post",)
    said: Text

    def decide(self, claim_id: int, *, now: datetime) -> object:
        """Do it."""
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or say on the claim's page what stands against it."""
        claim = self.claim_or_404(pk)
        try:
            self.decide(claim.pk, now=timezone.now())
        except Refusal as refusal:
            return self.page(claim, refusal=refusal)
        messages.success(request, str(self.said))
        return redirect("billing:claim", pk)

    @property
    def reason(self) -> str:
        """Why, as it was typed."""
        return self.request.POST.get("reason", "")


class ClaimApproveView(ClaimDecisionView):
    """Approve a claim of somebody else."""

    said = gettext_lazy("Approved. Somebody else pays it out.")

    def decide(self, claim_id: int, *, now: datetime) -> object:
        """Approve it."""
        return approve_claim(claim_id=claim_id, actor=person(self.request), now=now)


class ClaimRefuseView(ClaimDecisionView):
    """Refuse a claim of somebody else, for a reason."""

    said = gettext_lazy("Refused. The claimant is told why.")

    def decide(self, claim_id: int, *, now: datetime) -> object:
        """Refuse it."""
        return refuse_claim(claim_id=claim_id, reason=self.reason, actor=person(self.request), now=now)


class ClaimPutAwayView(ClaimDecisionView):
    """End the draft of somebody who left, for a reason."""

    said = gettext_lazy("The draft is put away.")

    def decide(self, claim_id: int, *, now: datetime) -> object:
        """Put it away."""
        return put_draft_away(claim_id=claim_id, reason=self.reason, actor=person(self.request), now=now)


class ClaimPaperView(OneClaimView):
    """The claim as a 报销单 on A4, to be signed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the paper; a draft has none."""
        claim = self.claim_or_404(pk)
        if claim.submitted_at is None:
            raise Http404
        lines = claim.lines.select_related("card__carrier", "invoice")
        context = {"claim": claim, "lines": lines, "capitals": in_capitals(claim.payable)}
        return render(request, "billing/claim_paper.html", context)


def _checked(claim: Claim) -> CheckedClaim:
    """Look at a draft as of today, at what was sent as of that day."""
    if claim.state != ClaimState.DRAFT:
        return checked_as_sent(claim)
    terms = claim_terms(claim.claimant)
    return check_claim(claim, terms=terms, left=left_in(claim, terms), today=business_day(timezone.now()))

"""Claims on the agent's phone: filed in one go, and where they stand (R67)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.forms.claims import ClaimLineForm
from billing.models import Claim
from billing.rules.claims import Terms, deadline
from billing.selectors.claim_checks import titles
from billing.selectors.claim_terms import cards_held_in, claim_terms, claimant_of
from billing.services.claims import PURPOSE, add_line, keep_paper, look_at_line, submit_claim
from billing.views.access import MoneyView, person
from cardfleet.files.models import StoredFile
from cardfleet.kernel.clock import business_day, month_start, parse_month
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal

KEPT = timedelta(days=1)
RECENT = 60
# The papers of an invoice, and the hidden field that names each once it was sent.
KEPT_AS = {"file": "kept", "proof": "kept_proof"}
SIGNER = TimestampSigner(salt="claims.picture")


class MyClaimsView(MoneyView):
    """One's own claims, the latest first."""

    permission_required = "billing.add_claim"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        mine = Claim.objects.filter(claimant__user=person(request)).prefetch_related("lines__card")
        return render(request, "billing/my_claims.html", {"mine": mine.order_by("-id")[:RECENT]})


class NewClaimView(MoneyView):
    """An invoice for a card held in a month: into the month's draft, and on to finance where that is wanted."""

    permission_required = "billing.add_claim"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form of the month asked for, else of the last that is over."""
        known = titles()
        first = {"title": known[0]} if len(known) == 1 else {}
        return self.page(ClaimLineForm(cards=self.cards, initial=first))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Put the invoice in, and send the claim; what is wrong is said with everything entered still there."""
        form = ClaimLineForm(request.POST, request.FILES, cards=self.cards)
        if not form.is_valid():
            return self.again(form)
        papers = {name: form.cleaned_data[name] or self.kept_before(form, name) for name in KEPT_AS}
        actor, now = person(request), timezone.now()
        try:
            line = add_line(
                month=self.month,
                given=form.given(),
                content=papers["file"],
                proof=papers["proof"],
                actor=actor,
                now=now,
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.again(form)
        if request.POST.get("deed") == "more":
            messages.success(request, _("Saved. Add the next invoice."))
            return redirect(f"{request.path}?month={self.month:%Y-%m}")
        submit_claim(claim_id=line.claim_id, note="", actor=actor, now=now)
        messages.success(request, _("Sent. Finance looks at it, and you are told."))
        return redirect("billing:claim", line.claim_id)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the months that are paid back, the one asked for, and the cards held in it."""
        super().setup(request, *args, **kwargs)
        self.agent = claimant_of(person(request)) if request.user.is_authenticated else None
        self.terms = claim_terms(self.agent) if self.agent else Terms()
        self.months = _months(business_day(timezone.now()), self.terms.months_back)
        try:
            asked = parse_month(request.GET.get("month", ""))
        except ValueError:
            asked = self.months[1]
        self.month = asked if asked in self.months else self.months[1]
        self.cards = cards_held_in(self.agent, self.month) if self.agent else []

    def kept_before(self, form: ClaimLineForm, name: str) -> StoredFile | None:
        """Return the paper sent before by the same person for a field, where there is one."""
        try:
            pk = SIGNER.unsign(form[KEPT_AS[name]].value() or "", max_age=KEPT)
        except BadSignature:
            return None
        mine = StoredFile.objects.filter(owner=person(self.request), purpose=PURPOSE).exclude(content="")
        return mine.filter(pk=pk).first()

    def again(self, form: ClaimLineForm) -> HttpResponse:
        """Show the form with what is wrong; a paper that came is kept for a day, so that it is not taken twice."""
        again, kept = self.request.POST.copy(), {name: self.kept_before(form, name) for name in KEPT_AS}
        for name in KEPT_AS:
            kept[name] = self.keep(form, name) or kept[name]
            if paper := kept[name]:
                again[KEPT_AS[name]] = SIGNER.sign(str(paper.pk))
        form.data = again
        return self.page(form, kept=kept, status=422)

    def keep(self, form: ClaimLineForm, name: str) -> StoredFile | None:
        """Keep the paper that came for a field, where one did; what cannot be kept is said beside it."""
        sent, now = self.request.FILES.get(name), timezone.now()
        if sent is None:
            return None
        try:
            return keep_paper(content=sent, name=sent.name or "", actor=person(self.request), now=now, until=now + KEPT)
        except Refusal as refusal:
            form.add_error(name, str(refusal))
            return None

    def page(
        self, form: ClaimLineForm, *, kept: Mapping[str, StoredFile | None] | None = None, status: int = 200
    ) -> HttpResponse:
        """Return the page."""
        context = {
            "form": form,
            "papers": kept or {},
            "month": self.month,
            "months": self.months,
            "cards": self.cards,
            "titles": titles(),
            "terms": self.terms,
            "deadline": deadline(self.month, terms=self.terms),
        }
        return render(self.request, "billing/claim_new.html", context, status=status)


class ClaimCheckView(NewClaimView):
    """What fits so far, said while the form is filled in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say nothing of nothing."""
        return render(request, "billing/claim_checks.html", {})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Look at what is entered; what is still empty is not wrong yet."""
        form = ClaimLineForm(request.POST, cards=self.cards)
        if not form.is_valid():
            filled = {name: form.errors[name] for name in form.errors if request.POST.get(name)}
            wrong = [(form.fields[name].label, errors) for name, errors in filled.items()]
            return render(request, "billing/claim_checks.html", {"wrong": wrong})
        checks = look_at_line(month=self.month, given=form.given(), actor=person(request), now=timezone.now())
        return render(request, "billing/claim_checks.html", {"checks": checks})


def _months(today: date, back: int) -> list[date]:
    months = [month_start(today)]
    while len(months) <= back:
        months.append(month_start(months[-1] - timedelta(days=1)))
    return months

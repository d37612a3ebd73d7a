"""The ledger, and what is posted into it by hand."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import EntryKind
from billing.filters import LedgerFilter
from billing.forms.posting import PostingForm
from billing.models import LedgerEntry
from billing.services.ledger import adjust, charge, top_up
from billing.views.access import MoneyView, person
from cardfleet.kernel.errors import Refusal
from cards.models import Card

PAGE = 50
POSTERS = {EntryKind.TOP_UP: top_up, EntryKind.OTHER_CHARGE: charge, EntryKind.ADJUSTMENT: adjust}


class LedgerView(MoneyView):
    """Entries in scope, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the ledger."""
        entries = LedgerEntry.objects.visible_to(person(request)).select_related("account__carrier", "card", "actor")
        filters = LedgerFilter(request.GET, queryset=entries.order_by("-id"))
        usable = filters.is_valid()
        page = Paginator(filters.qs if usable else entries.none(), PAGE).get_page(request.GET.get("page"))
        return render(
            request, "billing/ledger.html", {"filters": filters, "page_obj": page}, status=200 if usable else 400
        )


class PostView(MoneyView):
    """Post a top-up, a charge or an adjustment."""

    permission_required = "billing.post_entry"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask what is posted."""
        return render(request, "billing/post.html", {"form": self.form(initial={"card": request.GET.get("card", "")})})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Post it, or say what stands against it and keep what was entered."""
        form = self.form(request.POST)
        if not form.is_valid():
            return render(request, "billing/post.html", {"form": form}, status=422)
        given = form.cleaned_data
        member = given["card"]
        try:
            POSTERS[EntryKind(given["kind"])](
                account=member.account,
                card=member.card,
                amount=given["amount"],
                actor=person(request),
                now=timezone.now(),
                reference=given["reference"],
                note=given["note"],
            )
        except Refusal as refusal:
            return render(request, "billing/post.html", {"form": form, "refusal": refusal}, status=refusal.status)
        messages.success(request, _("The entry is posted."))
        return redirect("billing:ledger")

    def form(self, *args: object, **kwargs: object) -> PostingForm:
        """Return the form over the person's scope."""
        return PostingForm(*args, cards=Card.objects.visible_to(person(self.request)), **kwargs)

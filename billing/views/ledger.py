"""The ledger, and what is posted into it by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import EntryKind
from billing.errors import TopUpUnusual
from billing.forms.posting import PostingForm
from billing.lists import LEDGER
from billing.services.posting import post_by_hand
from billing.views.access import MoneyView, person
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.kernel.paging import page_of
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage
from cards.models import Card


class LedgerView(ListPage):
    """Entries in scope, newest first."""

    listing = LEDGER
    template_name = "billing/ledger.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of entries."""
        entries = asked.ordered(reader.now).select_related("account__carrier", "card", "actor")
        listed = page_of(entries, number=asked.query.get("page"), size=asked.size)
        return {"page_obj": listed.page, "more": listed.more}


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
            post_by_hand(
                kind=EntryKind(given["kind"]),
                account=member.account,
                card=member.card,
                amount=given["amount"],
                actor=person(request),
                now=timezone.now(),
                reference=given["reference"],
                note=given["note"],
                is_sure=given["sure"],
            )
        except TopUpUnusual as refusal:
            again = self.form(request.POST, asks_again=True)
            add_refusal(again, refusal)
            return render(request, "billing/post.html", {"form": again}, status=refusal.status)
        except Refusal as refusal:
            return render(request, "billing/post.html", {"form": form, "refusal": refusal}, status=refusal.status)
        messages.success(request, _("The entry is posted."))
        return redirect("billing:ledger")

    def form(self, *args: Any, **kwargs: Any) -> PostingForm:
        """Return the form over the person's scope."""
        return PostingForm(*args, cards=Card.objects.visible_to(person(self.request)), **kwargs)

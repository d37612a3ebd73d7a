"""What an agent sees on a phone: may I call, how often, what does it cost."""

import binascii
from base64 import b64decode
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.generic import View

from agents.rules.receipts import SIGNATURE_BYTES, TERMS, TERMS_NOW
from agents.services.handovers import accept_all
from cardfleet.kernel.errors import BadInput
from lifecycle.forms.reports import LossForm
from lifecycle.selectors.calling import my_cards
from lifecycle.selectors.cases.mine import my_reports
from lifecycle.views.access import person

PICTURE = "data:image/png;base64,"


class MyView(LoginRequiredMixin, View):
    """The cards in one's own hands; everybody may have some."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them, the chosen one open."""
        return self.page()

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page."""
        now = timezone.now()
        mine = my_cards(person(self.request), now=now)
        chosen = self.request.GET.get("card", "")
        accepted = [held for held in mine.held if held.assignment.accepted_at]
        shown = next((held for held in accepted if str(held.card.pk) == chosen), accepted[0] if accepted else None)
        context |= {"reports": my_reports(person(self.request), now=now), "loss_form": LossForm(auto_id="lose_%s")}
        context |= {"mine": mine, "accepted": accepted, "shown": shown, "now": now, "terms": TERMS[TERMS_NOW]}
        return render(self.request, "lifecycle/my.html", context, status=status)


class AcceptView(MyView):
    """Sign for all the cards handed over."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead whoever comes back here after signing in to the page."""
        return redirect("lifecycle:my")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Accept them; a missing signature is asked for on the page, another refusal is a page of its own."""
        ids = [int(text) for text in request.POST.getlist("assignment") if text.isascii() and text.isdigit()]
        try:
            taken = accept_all(
                assignment_ids=ids,
                actor=person(request),
                now=timezone.now(),
                drawing=drawing_of(request.POST.get("signature", "")),
                signed_name=request.POST.get("signed_name", "")[:80],
            )
        except BadInput as refusal:
            return self.page(status=refusal.status, refusal=refusal)
        said = ngettext("You accepted %(count)s card.", "You accepted %(count)s cards.", len(taken))
        messages.success(request, said % {"count": len(taken)})
        return redirect("lifecycle:my")


def drawing_of(text: str) -> bytes:
    """Return the picture a browser drew; nothing where it is none or too large."""
    if not text.startswith(PICTURE) or len(text) > 2 * SIGNATURE_BYTES:
        return b""
    try:
        return b64decode(text.removeprefix(PICTURE), validate=True)
    except (binascii.Error, ValueError):
        return b""

"""The receipt of a hand-over, to read and to print."""

from base64 import b64encode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from agents.models import Handover
from agents.rules.receipts import TERMS
from agents.views.access import AgentsView


class ReceiptView(AgentsView):
    """What was handed over, on which terms, signed how; the agent sees their own."""

    permission_required = "agents.view_handover"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it with the signature drawn."""
        related = ("agent__user__team", "handed_by", "signature")
        receipt = Handover.objects.visible_to(self.person).select_related(*related).filter(pk=pk).first()
        if receipt is None:
            raise Http404
        held = receipt.assignments.select_related("card__carrier").order_by("pk")
        is_own = receipt.agent.user_id == self.person.pk
        context = {
            "receipt": receipt,
            "cards": held,
            "terms": TERMS[receipt.terms],
            "drawing": _drawing(receipt),
            "is_whole": is_own or self.person.has_perm("cards.view_full_number"),
        }
        return render(request, "agents/receipt.html", context)


def _drawing(receipt: Handover) -> str:
    """Return the signature as an address that holds the picture itself; nothing where it was typed or discarded."""
    if receipt.signature is None or not receipt.signature.content:
        return ""
    with receipt.signature.content.open("rb") as file:
        return f"data:image/png;base64,{b64encode(file.read()).decode()}"

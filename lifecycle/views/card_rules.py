"""The rules of a card: what holds, where it comes from, and the approvals that some ask for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.errors import BadInput, Reason
from cards.models import Card
from lifecycle.forms.approval import ApprovalForm
from lifecycle.selectors.card_rules import card_rules
from lifecycle.services.approvals import decide_approval
from lifecycle.views.access import OfficeView, person


class CardRulesView(OfficeView):
    """Part of the card page."""

    related = ("contract",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show every rule that holds for the card."""
        return self.show(request, self.card_or_404(pk))

    def show(self, request: HttpRequest, card: Card) -> HttpResponse:
        """Show the part."""
        context = {"card": card, "rules": card_rules(card, now=timezone.now())}
        return render(request, "lifecycle/card_rules.html", context)


class ApprovalView(OfficeView):
    """Approve or refuse what a rule asks."""

    permission_required = "lifecycle.add_approval"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record the decision; a refusal to do so is shown as a page of its own."""
        card = self.card_or_404(pk)
        form = ApprovalForm(request.POST)
        if not form.is_valid():
            raise BadInput(
                reasons=[
                    Reason(code=error["code"] or "invalid", message=error["message"], field=field)
                    for field, errors in form.errors.get_json_data().items()
                    for error in errors
                ]
            )
        given = form.cleaned_data
        decide_approval(
            card_id=card.pk,
            rule_id=given["rule"],
            is_granted=given["decision"] == "approve",
            note=given["note"],
            until=given["until"],
            actor=person(request),
            now=timezone.now(),
        )
        messages.success(request, _("The decision is recorded."))
        return redirect("lifecycle:card", pk=card.pk)

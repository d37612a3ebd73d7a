"""Who may open a page of usage and money, and whose cards are theirs."""

from typing import cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest
from django.views.generic import View

from cardfleet.accounts.models import User
from cards.models import Card


def person(request: HttpRequest) -> User:
    """Return who asks; only pages behind a sign-in call it."""
    return cast("User", request.user)


class MoneyView(PermissionRequiredMixin, View):
    """A page of usage or money: signs in first, 403 without the permission."""

    permission_required: str = "billing.view_ledgerentry"

    def card_or_404(self, pk: int) -> Card:
        """Return a card in the person's scope; one outside is as if it were not."""
        card = Card.objects.visible_to(person(self.request)).filter(pk=pk).first()
        if card is None:
            raise Http404
        return card

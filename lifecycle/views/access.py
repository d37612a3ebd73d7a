"""Who may open a page, and what of the fleet is theirs."""

from typing import cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest
from django.views.generic import View

from cardfleet.accounts.models import User
from cards.models import Card
from cards.querysets import CardQuerySet


def person(request: HttpRequest) -> User:
    """Return who asks; only pages behind a sign-in call it."""
    return cast("User", request.user)


class OfficeView(PermissionRequiredMixin, View):
    """A page of the office: signs in first, 403 without the permission, and sees its scope only."""

    permission_required: str = "lifecycle.view_fleet"

    def cards(self) -> CardQuerySet:
        """Return the cards in the person's scope."""
        return Card.objects.visible_to(person(self.request))

    def card_or_404(self, pk: int) -> Card:
        """Return a card in scope; one outside is as if it were not."""
        related = ("carrier", "plan", "contract", "registrant", "actual_user", "team", "holder", "risk")
        card = self.cards().select_related(*related).filter(pk=pk).first()
        if card is None:
            raise Http404
        return card

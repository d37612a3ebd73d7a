"""Who may open a page, and what of the fleet is theirs."""

from collections.abc import Sequence
from typing import ClassVar, cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest
from django.views.generic import View

from cardfleet.accounts.models import User
from cards.models import Card
from cards.querysets import CardQuerySet

OF_CARD = ("carrier", "plan", "contract", "registrant", "actual_user", "team", "holder", "risk")


def person(request: HttpRequest) -> User:
    """Return who asks; only pages behind a sign-in call it."""
    return cast("User", request.user)


class OfficeView(PermissionRequiredMixin, View):
    """A page of the office: signs in first, 403 without the permission, and sees its scope only.

    `related` is read along with a card: planning so many joins takes longer than all else of a small part, which
    therefore names those it shows.
    """

    permission_required: str = "lifecycle.view_fleet"
    related: ClassVar[Sequence[str]] = OF_CARD

    def cards(self) -> CardQuerySet:
        """Return the cards in the person's scope."""
        return Card.objects.visible_to(person(self.request))

    def card_or_404(self, pk: int) -> Card:
        """Return a card in scope; one outside is as if it were not."""
        cards = self.cards().filter(pk=pk)
        card = (cards.select_related(*self.related) if self.related else cards).first()
        if card is None:
            raise Http404
        return card

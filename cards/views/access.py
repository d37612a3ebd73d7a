"""Who may open a page of the stock, and which cards are theirs."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.views.generic import View

from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import User
from cards.models import Card
from cards.querysets import CardQuerySet


class StockView(PermissionRequiredMixin, View):
    """A page that signs in first, answers 403 without the permission, and sees its scope only."""

    permission_required: str = "cards.change_card"

    @property
    def person(self) -> User:
        """Who asks."""
        return person_of(self.request)

    def cards(self) -> CardQuerySet:
        """Return the cards in the person's scope."""
        return Card.objects.visible_to(self.person)

    def card_or_404(self, pk: int) -> Card:
        """Return a card in scope; one outside is as if it were not."""
        card = (
            self.cards()
            .select_related("carrier", "plan", "contract", "registrant", "team", "holder")
            .filter(pk=pk)
            .first()
        )
        if card is None:
            raise Http404
        return card

"""Labels for many cards: the sheets of `cards:labels-print`, some hundred cards each."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.rules.labels import LAYOUTS
from lifecycle.bulk.registry import Asked, BulkAction, BulkForm, Outcomes, register

A_PAGE = 300  # ids fit into an address, and the codes are drawn within seconds


class LabelsForm(BulkForm):
    """On what the labels are printed."""

    layout = forms.ChoiceField(
        label=_("Label stock"), choices=[(layout.slug, layout.name) for layout in LAYOUTS.values()]
    )


def link_labels(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Offer a page of sheets for the cards."""
    query = urlencode({"layout": asked.given["layout"], "cards": ",".join(map(str, card_ids))}, safe=",")
    links = [f"{reverse('cards:labels-print')}?{query}"] if card_ids else []
    return Outcomes(done={card_id: {} for card_id in card_ids}, links=links)


register(
    BulkAction(
        name="labels",
        label=_("Print labels"),
        icon="qrcode",
        right="cards.change_card",
        form=LabelsForm,
        perform=link_labels,
        at_once=A_PAGE,
        is_reading=True,
        order=110,
    )
)

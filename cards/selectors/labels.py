"""Labels of cards as a printer wants them: no secret, the number masked, the end of the ICCID to tell them apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.qr import qr
from cards.models import Card
from cards.rules.labels import Layout, paged

ICCID_END = 6


@dataclass(frozen=True, kw_only=True)
class Label:
    """One label. Its code is the address of the card's page, which only opens to who may see the card."""

    code: SafeString
    number: str
    iccid_end: str
    carrier: str
    place: str


def labels(cards: Iterable[Card], layout: Layout, *, site: str, used: int = 0) -> list[list[Label | None]]:
    """Return the pages of labels; `cards` come with their carrier, `site` is `https://host`.

    `used` places at the start of a sheet are left empty. A code takes some milliseconds: MOST_LABELS at once.
    """
    return list(paged(_labels(cards, site), layout.a_page, used=used))


def _labels(cards: Iterable[Card], site: str) -> Sequence[Label]:
    return [
        Label(
            code=qr(f"{site}{url_or_empty('lifecycle:card', card.pk)}"),
            number=card.masked_msisdn,
            iccid_end=card.iccid[-ICCID_END:],
            carrier=str(card.carrier),
            place=card.location,
        )
        for card in cards
    ]

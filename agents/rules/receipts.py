"""What an agent signs for with a card: care, liability, and how they sign (R8, R74, R75, R112). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text

PNG = b"\x89PNG\r\n\x1a\n"
SIGNATURE_BYTES = 300_000


@dataclass(frozen=True, kw_only=True)
class Terms:
    """One version of the texts of a receipt. A version that was signed is never edited: write a new one."""

    care: Sequence[Text]
    liability: Sequence[Text]


TERMS: Mapping[int, Terms] = {
    1: Terms(
        care=(
            _("Do not bend, cut or scratch the card."),
            _("Keep it dry and away from heat, and keep it locked away when you do not use it."),
            _("Keep it in the phone it was given for; ask before you move it."),
        ),
        liability=(
            _("I hold these cards for work only, lend them to nobody and pass them on to nobody."),
            _("I report a loss, a theft or damage at once, and answer for what happens until I have reported it."),
            _("I give the cards back on the expected day, when I leave, and whenever I am asked to."),
        ),
    )
}
TERMS_NOW = max(TERMS)


def is_signed(*, name: str, drawing: bytes, signed_name: str) -> bool:
    """Tell whether a drawing (PNG) or the person's name as it is known stands under a receipt."""
    if drawing:
        return drawing.startswith(PNG) and len(drawing) <= SIGNATURE_BYTES
    return bool(name.strip()) and signed_name.split() == name.split()

"""What may be written of a customer's problem (R62, R63). Pure."""

import re

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.reading import Unreadable
from cards.rules.notes import read_note

# Mobile numbers and landlines with their area code, as people type them.
NUMBERS = re.compile(r"(?<!\d)(?:1[3-9](?:[ -]?\d){9}|0\d{2,3}[ -]?\d{7,8})(?!\d)")


def read_words(text: str) -> str:
    """Return the words of a problem or its solution, on one line; Unreadable where nothing or a number is said."""
    plain = " ".join(read_note(text).split())
    if NUMBERS.search(plain):
        raise Unreadable(
            "words_name_number",
            _("Leave the number out: customers are kept in your customer system, not here."),
            secret=True,
        )
    return plain

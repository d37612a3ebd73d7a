"""What may be written of a customer's problem (R62, R63). Pure."""

import re

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.reading import Unreadable
from cards.rules.notes import read_note
from lifecycle.rules.desk.articles import holds_personal

BETWEEN_DIGITS = re.compile(r"(?<=\d)[ -](?=\d)")


def read_words(text: str) -> str:
    """Return the words of a problem or its solution, on one line; Unreadable where nothing or a number is said."""
    plain = " ".join(read_note(text).split())
    if holds_personal(plain) or holds_personal(BETWEEN_DIGITS.sub("", plain)):
        raise Unreadable(
            "words_name_number",
            _("Leave the number out: customers are kept in your customer system, not here."),
            secret=True,
        )
    return plain

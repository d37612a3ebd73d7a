"""What may be written in a note."""

import unicodedata

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.reading import Unreadable
from cards.rules.id_numbers import holds_id_number

LONGEST = 10_000


def read_note(text: str) -> str:
    """Return the text of a note trimmed, with its lines and any script or emoji; Unreadable else.

    An ID number is refused: notes are read by the whole office, and ID numbers are kept encrypted (invariant 7).
    """
    plain = text.replace("\r\n", "\n").strip()
    if not plain:
        raise Unreadable("note_empty", _("The note is empty. Write what others should know."))
    if len(plain) > LONGEST:
        raise Unreadable(
            "note_too_long",
            format_lazy(
                _("A note has at most {limit} characters and this one {length}. Shorten it, or attach it as a file."),
                limit=LONGEST,
                length=len(plain),
            ),
        )
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in plain):
        raise Unreadable("note_unfit", _("The note holds characters that are no text. Type them again."))
    if holds_id_number(plain):
        raise Unreadable(
            "note_names_id",
            _("The note holds an ID number. Leave it out: it is kept with the registrant, encrypted."),
            secret=True,
        )
    return plain

"""ID numbers of those in whose name cards are: a company's credit code, a person's ID card or travel document."""

import re

from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from cardfleet.kernel.reading import Unreadable, compact
from cards.choices import RegistrantKind

RESIDENT = re.compile(r"^[0-9]{17}[0-9X]$")
WITHIN = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
TRAVEL_DOCUMENT = re.compile(r"^[A-Z]{1,2}[0-9]{7,8}$")


def normalise_id_number(text: str, *, kind: str) -> str:
    """Return an ID number upper-case and without spaces; empty stays empty.

    The check digit must fit: a company gives its unified social credit code (18 characters), a person the resident
    ID card or a passport or travel permit, which have none. Whether a place code was ever in use is not asked, as
    lists of it are never complete. The refusal never repeats the value.
    """
    try:
        plain = compact(text).upper()
    except Unreadable as error:
        raise Unreadable(error.code, error.message, secret=True) from None
    if plain and kind == RegistrantKind.COMPANY and not uscc.is_valid(plain):
        raise Unreadable(
            "uscc_unreadable",
            _("This is not a unified social credit code: 18 characters whose last one fits the others."),
            secret=True,
        )
    if plain and kind == RegistrantKind.PERSON and not (_is_resident(plain) or TRAVEL_DOCUMENT.match(plain)):
        raise Unreadable(
            "id_number_unreadable",
            _("This is not an ID number: 18 characters whose last one fits the others, or a travel document's."),
            secret=True,
        )
    return plain


def holds_id_number(text: str) -> bool:
    """Tell whether a text holds the number of a resident ID card."""
    return any(_is_resident(found.upper()) for found in WITHIN.findall(text))


def _is_resident(number: str) -> bool:
    if not RESIDENT.match(number) or ric.calc_check_digit(number) != number[-1]:
        return False
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return True

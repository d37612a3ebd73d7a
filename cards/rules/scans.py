"""What a scanner typed: the address on our own label, an ICCID from the plastic, or a number (R7, R11)."""

import re
from dataclasses import dataclass

from cardfleet.kernel.reading import Unreadable
from cards.rules.identifiers import normalise_iccid, normalise_msisdn

LABEL = re.compile(r"^(?:https?://[^\s?#]+)?/cards/([0-9]{1,18})/?$", re.IGNORECASE)
BETWEEN = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True)
class Scan:
    """One scan: `field` is the field of a card that `value` is looked for in; none where it is no card's."""

    text: str
    field: str = ""
    value: str = ""


def labelled(text: str) -> str:
    """Return the id of the card whose label holds this address; nothing for any other text."""
    found = LABEL.match(text.strip())
    return found[1] if found else ""


def read_scan(text: str) -> Scan:
    """Return what one scan names. A wrong barcode is no error: it names no card."""
    if pk := labelled(text):
        return Scan(text, "pk", pk)
    for field, read in (("iccid", lambda plain: normalise_iccid(plain).value), ("msisdn", normalise_msisdn)):
        try:
            return Scan(text, field, read(text))
        except Unreadable:
            continue
    return Scan(text)


def read_scans(text: str) -> list[Scan]:
    """Return the scans of a field into which many were made, each text once, in order."""
    return [read_scan(part) for part in dict.fromkeys(filter(None, BETWEEN.split(text)))]

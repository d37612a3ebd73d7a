"""How tags are written: in a cell or a field several, parted by commas; one name means one tag however it is cased."""

import re
import unicodedata

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.reading import Unreadable

LONGEST = 40
SEPARATORS = re.compile(r"[,，、;；|\t\r\n]")
UNPRINTABLE = frozenset({"Cc", "Cs"})


def read_tag(text: str) -> str:
    """Return the name of one tag with single spaces; any script and emoji may stand in it. Unreadable else."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise Unreadable("tag_empty", _("The tag has no name. Write one, or leave it out."))
    if len(name) > LONGEST:
        raise Unreadable(
            "tag_too_long", format_lazy(_("A tag has at most {limit} characters. Shorten it."), limit=LONGEST)
        )
    if SEPARATORS.search(name) or any(unicodedata.category(sign) in UNPRINTABLE for sign in name):
        raise Unreadable("tag_unfit", _("A tag is one line without commas. Write several tags one by one."))
    return name


def split_tags(text: str) -> tuple[str, ...]:
    """Return the names in a text, each once, in their order; Unreadable when one of them is no tag."""
    names = (read_tag(part) for part in SEPARATORS.split(text) if part.strip())
    return tuple({tag_key(name): name for name in reversed([*names])}.values())[::-1]


def tag_key(name: str) -> str:
    """Return what tells one tag from another."""
    return name.casefold()

"""When a person may be erased, and which words are theirs (PIPL art. 47; 网络安全法 art. 21)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text

SHORTEST_NAME, SHORTEST_CODE, SHORTEST_ALONE = 2, 4, 6
MOBILE = re.compile(r"(?:\+?86)?(1\d{2})(\d{4})(\d{4})$")
NO_LETTER_BEFORE, NO_LETTER_AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
ENCODINGS = ("utf-8", "gb18030", "utf-16-le")


@dataclass(frozen=True, kw_only=True)
class Floor:
    """Why a law keeps something of a person, and until which day."""

    law: Text
    until: date


@dataclass(frozen=True, kw_only=True)
class ErasureFacts:
    """What decides whether a person may be erased. `links` are the pages where an obstacle is cleared, by its code."""

    is_erased: bool = False
    is_oneself: bool = False
    has_access: bool = False
    cards_held: int = 0
    cards_registered: int = 0
    tasks_open: int = 0
    named_in: Sequence[Reason] = ()
    floors: Sequence[Floor] = ()
    links: Mapping[str, str] = field(default_factory=dict)


def obstacles(facts: ErasureFacts, *, today: date) -> list[Reason]:
    """Return a reason for each thing that stands in the way, with what to do next; nothing more for the erased."""
    if facts.is_erased:
        return [Reason(code="erased_already", message=_("This person was erased already."))]
    found = [
        _told(facts, code, message, clears)
        for stands, code, message, clears in (
            (facts.is_oneself, "oneself", _("Nobody erases themselves."), _("Ask somebody else with the right.")),
            (facts.has_access, "has_access", _("The person still works here."), _("End their access first.")),
            (
                facts.cards_held,
                "holds_cards",
                format_lazy(_("Cards in hand: {count}."), count=facts.cards_held),
                _("Take them back first."),
            ),
            (
                facts.cards_registered,
                "cards_registered",
                format_lazy(_("Numbers registered to them or for their use: {count}."), count=facts.cards_registered),
                _("Register another user, transfer or cancel them first."),
            ),
            (
                facts.tasks_open,
                "tasks_open",
                format_lazy(_("Tasks of their leaving that are open: {count}."), count=facts.tasks_open),
                _("Wind up the leaving first."),
            ),
        )
        if stands
    ]
    return [*found, *facts.named_in, *_kept_by_law(facts.floors, today)]


def may_erase_from(floors: Sequence[Floor], *, today: date) -> date:
    """Return the first day on which no law keeps the person."""
    return max([today, *(floor.until for floor in floors)])


def _told(facts: ErasureFacts, code: str, message: Text, clears: Text) -> Reason:
    return Reason(code=code, message=message, clears=clears, clear_url=facts.links.get(code, ""))


def _kept_by_law(floors: Sequence[Floor], today: date) -> list[Reason]:
    return [
        Reason(
            code="kept_by_law",
            message=format_lazy(_("Kept until {until}: {law}"), until=floor.until.isoformat(), law=floor.law),
            clears=_("Erase from that day on; until then the data serves for nothing else."),
            value=floor.until.isoformat(),
        )
        for floor in floors
        if floor.until > today
    ]


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The words by which somebody is known. A name that others here bear is not theirs alone: `name` is empty then."""

    name: str = ""
    codes: Sequence[str] = ()
    mobile: str = ""
    email: str = ""
    id_numbers: Sequence[str] = ()

    def pattern(self) -> str:
        """Return a regular expression, of Python and of PostgreSQL alike, that finds the person in running text.

        A name of letters, a code or a number stands for itself, not within a longer one. Codes of under four signs
        say nothing alone. Mobiles are found with and without country code and gaps, names also as addresses spell them.
        """
        return "|".join(self._parts())

    def _parts(self) -> list[str]:
        found = [_whole(code) for code in self.codes if len(code) >= SHORTEST_CODE]
        found += [_whole(number) for number in (*self.id_numbers, self.email) if number]
        if len(self.name) >= SHORTEST_NAME:
            spelled = [re.escape(self.name)]
            if not self.name.isascii():
                spelled.append(re.escape(quote(self.name)))
            found += [_whole_words(name) if name.isascii() and "%" not in name else name for name in spelled]
        if parts := MOBILE.match(self.mobile):
            digits = "[- ]?".join(parts.groups())
            found.append(rf"{NO_LETTER_BEFORE}(?:\+?86[- ]?)?{digits}{NO_LETTER_AFTER}")
        elif self.mobile:
            found.append(_whole(self.mobile))
        return found

    def in_files(self) -> "re.Pattern[bytes] | None":
        """Return what finds the person in the bytes of a list, in the encodings lists come in; None where nothing can.

        Bare numbers of under six digits are in every list.
        """
        digits = MOBILE.match(self.mobile)
        words = [self.name, self.email, "".join(digits.groups()) if digits else self.mobile, *self.id_numbers]
        words += [code for code in self.codes if len(code) >= SHORTEST_ALONE or not code.isdecimal()]
        spelled = {word.encode(encoding) for word in words if len(word) >= SHORTEST_NAME for encoding in ENCODINGS}
        return re.compile(b"|".join(re.escape(word) for word in sorted(spelled))) if spelled else None


def _whole(text: str) -> str:
    return f"{NO_LETTER_BEFORE}{re.escape(text)}{NO_LETTER_AFTER}"


def _whole_words(escaped: str) -> str:
    return f"{NO_LETTER_BEFORE}{escaped}{NO_LETTER_AFTER}"


def without(value: Any, pattern: str, instead: str) -> Any:
    """Return a text, or JSON of any depth, with `instead` in place of what the pattern finds."""
    if isinstance(value, str):
        return re.sub(pattern, lambda _found: instead, value)
    if isinstance(value, dict):
        return {without(key, pattern, instead): without(part, pattern, instead) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [without(part, pattern, instead) for part in value]
    return value

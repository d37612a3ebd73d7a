"""Rows of JSON answers read as what carriers say of numbers: units, words and times by the settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from billing.importers.mapped_json import at, from_utc, text
from billing.importers.reading_lines import Readings, ReadLine, not_ahead
from billing.importers.readings import read_moment
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.money import to_fen
from cardfleet.kernel.reading import Unreadable, read_amount, tidy
from cards.importers import words
from cards.rules.identifiers import normalise_msisdn
from lifecycle.rules.connections.http import HttpSettings

T = TypeVar("T")
SHARES = {"yuan": Decimal(1), "fen": Decimal("0.01"), "li": Decimal("0.001")}
# Clocks of others go ahead a little; what is further ahead is a mistake.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Page:
    """The rows of one answer, the whole answer, and a hash by which the same rows are known again."""

    rows: Sequence[Any]
    body: Any
    hash: str


@dataclass(frozen=True)
class Row:
    """One row of a page, and how it is to be read."""

    cells: Mapping[str, Any]
    page: Page
    settings: HttpSettings
    number: int
    now: datetime

    def value(self, name: str) -> str:
        """Return what stands at the path of a field, in our words where it is worded; nothing where it has no path."""
        path = self.settings.fields.get(name)
        value = text(at(self.cells, path)) if path else ""
        return self.settings.words.get(name, {}).get(value, value)

    def msisdn(self) -> str:
        """Return the number in E.164. Unreadable."""
        return _named("msisdn", normalise_msisdn, self.value("msisdn"))

    def as_of(self) -> datetime:
        """Return of which moment the row is: its own, else that of its answer. Unreadable."""
        return _named("as_of", self._moment, self.value("as_of") or self._of_page())

    def amount(self, name: str) -> Decimal:
        """Return an amount in CNY, half up to the fen. Unreadable."""
        share = SHARES[self.settings.units.get(name, "yuan")]
        return to_fen(_named(name, lambda said: read_amount(said, negative=True), self.value(name)) * share)

    def _of_page(self) -> str:
        return text(at(self.page.body, self.settings.as_of)) if self.settings.as_of else ""

    def _moment(self, said: str) -> datetime:
        if not tidy(said):
            if self.settings.as_of_is_now:
                return self.now
            raise Unreadable("missing", _("The time is missing."))
        moment = read_moment(from_utc(said) if self.settings.times == "utc" else said, self.now)
        return self.now if self.now < moment <= self.now + AHEAD else not_ahead(moment, self.now)


class Misread(Exception):
    """A field of a row cannot be read."""

    def __init__(self, name: str, why: Unreadable) -> None:
        super().__init__(name)
        self.name, self.why = name, why


def read_balance(row: Row) -> ReadLine:
    """Return what a row says of a balance. Misread."""
    return ReadLine(line=row.number, msisdn=row.msisdn(), read_at=row.as_of(), balance=row.amount("balance"))


def read_state(row: Row) -> ReadLine:
    """Return what a row says of a card's state, in the words of carriers or our codes. Misread."""
    word = _named("state", words.read_state, row.value("state"))
    said = row.value("reason")
    reason = _named("reason", words.read_stop_reason, said) if said else word.reason or ""
    return ReadLine(line=row.number, msisdn=row.msisdn(), read_at=row.as_of(), state=word.state, reason=reason)


def read_rows(
    pages: Sequence[Page], read: Callable[[Row], ReadLine], settings: HttpSettings, *, now: datetime
) -> Readings:
    """Return what the rows say, counted through all pages, and why others cannot be read."""
    lines: list[ReadLine] = []
    refused: list[Reason] = []
    every = ((cells, page) for page in pages for cells in page.rows)
    for number, (cells, page) in enumerate(every, 1):
        if not isinstance(cells, Mapping):
            message = _("Each row is an object with named values.")
            refused.append(Reason(code="row_no_object", message=message, line=number))
            continue
        try:
            lines.append(read(Row(cells, page, settings, number, now)))
        except Misread as fault:
            refused.append(fault.why.as_reason(line=number, column=fault.name))
    return Readings(lines, refused, pasted=False)


def _named(name: str, read: Callable[[str], T], said: str) -> T:
    try:
        return read(said)
    except Unreadable as error:
        raise Misread(name, error) from error

"""Which lists there are. Each app describes its own in a module named `lists`:

    FLEET = register(Listing(code="cards", label=_("Cards"), url_name="lifecycle:fleet", ...))

A listing says what a page, a saved view, a file and a report have in common: filters, columns, sorts, scope, rights.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.http import QueryDict

from cardfleet.accounts.models import User
from cardfleet.kernel import ui
from cardfleet.kernel.errors import NotVisible, Text
from cardfleet.kernel.spreadsheets import ColumnKind

Rows = QuerySet[Any, Any]
SIZES = (25, 50, 100)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads a list, and when; masks and "today" follow from it. `mark`: what the journal calls the file."""

    person: User
    now: datetime
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A column of the file: its title, and the field or expression it holds, or what gives that for a reader.

    `told` turns the stored values of some rows into what is written, in their order. A file with such a cell is
    written row by row, one without by the database itself.
    """

    title: Text
    value: Any
    kind: ColumnKind = ColumnKind.TEXT
    told: Callable[[Sequence[Any], Reader], Sequence[Any]] | None = None

    def expression(self, reader: Reader) -> Any:
        """Return the field name or expression for a reader."""
        return self.value(reader) if callable(self.value) else self.value


@dataclass(frozen=True, kw_only=True)
class ListColumn(ui.Column):
    """A column of a list: on the page by its `code` (a block of the list's template), in a file by its cells.

    `usual`: shown, `in_file`: written, unless other columns are chosen. The first column of a list always stays.
    """

    code: str
    cells: Sequence[Cell] = ()
    usual: bool = True
    in_file: bool = True


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list. `scope` gives the rows a person sees, `narrow` what is left of them where nothing else is asked for.

    `permission` opens it, `export_permission` takes it out. `sorts` are the orders by their names in the address, the
    usual one under the empty name. `in_menu` are the filters of the menu, `box` that of the search box, `views` the
    tabs everybody has. `bound` is to the API what `narrow` is to the page. `writer` makes the file of a report that is
    reckoned rather than listed, from its address, the form of the file and its reader, and returns its number of rows.
    One that `is_personal` is of people rather than of cards: who takes it out has to have signed in a moment ago.
    """

    code: str
    label: Text
    url_name: str
    permission: str
    export_permission: str
    columns: Sequence[ListColumn]
    filters: type[Any]
    in_menu: Sequence[str]
    box: str = "search"
    sorts: Mapping[str, Sequence[Any]]
    scope: Callable[[User], Rows]
    narrow: Callable[[Rows, QueryDict, datetime], Rows] | None = None
    bound: Callable[[Rows, QueryDict, datetime], Rows] | None = None
    views: Sequence[tuple[Text, str]] = ()
    sizes: Sequence[int] = SIZES
    size: int = 50
    writer: Callable[[QueryDict, str, Reader, BinaryIO], int] | None = None
    is_personal: bool = False


_lists: dict[str, Listing] = {}


def register(listing: Listing) -> Listing:
    """Make a list known; the same code twice is a defect."""
    if listing.code in _lists:
        raise ValueError(f"the list {listing.code} is registered twice")
    _lists[listing.code] = listing
    return listing


def listing(code: str) -> Listing:
    """Return a list. NotVisible for an unknown code."""
    if code not in _lists:
        raise NotVisible
    return _lists[code]


def label(code: str) -> Text:
    """Return what a list is called, its code where its app is gone."""
    return _lists[code].label if code in _lists else code


def filter_label(name: str) -> Text:
    """Return what a filter is called, whichever list has it; its name where none has it any more."""
    found = (one.filters.base_filters[name].label for one in _lists.values() if name in one.filters.base_filters)
    return next((words for words in found if words), name)


def listings(person: User) -> list[Listing]:
    """Return the lists a person may open."""
    return [one for one in _lists.values() if person.has_perm(one.permission)]

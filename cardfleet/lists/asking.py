"""What an address asks of a list: filters, columns, sort, page size. All of it is checked before any row is read.

An address is a text that people edit, keep and send each other, so whatever does not fit is named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.filtersets import is_said, narrowed, unreadable, unusable
from cardfleet.lists.errors import ListUnusable
from cardfleet.lists.registry import ListColumn, Listing, Rows

SHOWING = ("columns", "sort", "size")
PLACES = frozenset({*SHOWING, "page", "view", "form"})
MOST_DIGITS = 9
# What a menu says of a question that nobody answered.
LEFT_OPEN = frozenset({"", "unknown"})


@dataclass(frozen=True)
class Asker:
    """Who asks, as filter sets know it: a request that has a user."""

    user: User


@dataclass(frozen=True)
class Chip:
    """A filter in force: its name in the address, what it is called, and its values in words."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A list as it was asked for. With `faults` it shows no row.

    `is_whole`: nothing is left out that the page leaves out where nothing else is asked for. `order` are columns to
    order by in the place of `sort`.
    """

    listing: Listing
    query: QueryDict
    filters: Any
    faults: Sequence[Reason]
    columns: Sequence[ListColumn]
    file_columns: Sequence[ListColumn]
    sort: str
    size: int
    order: Sequence[str] = ()
    is_whole: bool = False

    def rows(self, now: datetime) -> Rows:
        """Return the rows in scope that the filters let through; none where something does not fit."""
        if self.faults:
            rows: Rows = self.filters.queryset.none()
            return rows
        found: Rows = self.filters.qs
        narrow = self.listing.bound if self.is_whole else self.listing.narrow
        return narrow(found, self.query, now) if narrow else found

    def ordered(self, now: datetime) -> Rows:
        """Return the rows in the order asked for."""
        return self.rows(now).order_by(*(self.order or self.listing.sorts[self.sort]))

    @property
    def is_filtered(self) -> bool:
        """Whether the address narrows the list."""
        return any(value for name in _filter_names(self.query) for value in self.query.getlist(name))

    @property
    def search(self) -> str:
        """The text in the search box."""
        return self.query.get(self.listing.box, "")

    def chips(self) -> Iterator[Chip]:
        """Yield the filters in force, in words."""
        if self.faults:
            return
        for name, field in self.filters.form.fields.items():
            value = self.filters.form.cleaned_data.get(name)
            if name != self.listing.box and value not in (None, "", []):
                yield Chip(name, str(field.label), _in_words(field, self.filters.data.getlist(name), value))

    def kept(self) -> Iterator[tuple[str, str]]:
        """Yield what a form of the page carries along beside its own fields, until the menu brings its fields."""
        yield from self._pairs(self.listing.in_menu)

    def carried(self) -> Iterator[tuple[str, str]]:
        """Yield what a form of the page carries along in any case: what the menu has no field for."""
        own = {*self.listing.in_menu, self.listing.box, "page", "form"}
        yield from self._pairs([name for name in self.query if name not in own])

    def _pairs(self, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        for name in names:
            yield from ((name, value) for value in self.query.getlist(name) if value)


def read(
    listing: Listing, query: QueryDict, person: User, *, order: Sequence[str] = (), is_whole: bool = False
) -> Asked:
    """Return what an address asks of a list, and how the API asks it. FiltersTooDeep."""
    kind: Any = listing.filters
    known = kind.base_filters
    asked = frozenset(name for name in query if name in known)
    filters = narrowed(kind, asked)(query, queryset=listing.scope(person), request=Asker(person))
    chosen, sort, size = query.getlist("columns"), query.get("sort", ""), query.get("size", "")
    return Asked(
        listing=listing,
        query=query,
        filters=filters,
        faults=[*_unknown(listing, query), *_unusable(filters), *_misshown(listing, chosen, sort, size)],
        columns=_columns(listing, chosen, usual=[column for column in listing.columns if column.usual]),
        file_columns=columns_in_file(listing, chosen),
        sort=sort if sort in listing.sorts else "",
        size=int(size) if size in map(str, listing.sizes) else listing.size,
        order=order,
        is_whole=is_whole,
    )


def columns_in_file(listing: Listing, chosen: Sequence[str]) -> Sequence[ListColumn]:
    """Return the columns of a list's file by their codes, the usual ones where none is chosen."""
    return _columns(listing, chosen, usual=[column for column in listing.columns if column.in_file])


def read_usable(
    listing: Listing, query: QueryDict, person: User, *, order: Sequence[str] = (), is_whole: bool = False
) -> Asked:
    """Return what an address asks of a list. ListUnusable names what does not fit. FiltersTooDeep."""
    asked = read(listing, query, person, order=order, is_whole=is_whole)
    if asked.faults:
        raise ListUnusable(reasons=asked.faults)
    return asked


def filters_of(query: QueryDict) -> str:
    """Return the filters of an address alone, in one order, so that equal ones are equal texts."""
    plain = QueryDict(mutable=True)
    for name in sorted(_filter_names(query)):
        if values := sorted(value for value in query.getlist(name) if value):
            plain.setlist(name, values)
    return plain.urlencode()


def _filter_names(query: QueryDict) -> Iterator[str]:
    return (name for name in query if name not in PLACES)


def _columns(listing: Listing, chosen: Sequence[str], *, usual: Sequence[ListColumn]) -> Sequence[ListColumn]:
    by_code = {column.code: column for column in listing.columns}
    found = [by_code[code] for code in dict.fromkeys(chosen) if code in by_code]
    if not found:
        return usual
    first = listing.columns[0]
    return [first, *(column for column in found if column is not first)]


def _unknown(listing: Listing, query: QueryDict) -> Iterator[Reason]:
    for name in _filter_names(query):
        if name not in listing.filters.base_filters:
            text = _("This list has no filter “{name}”.").format(name=name[:40])
            yield Reason(code="unknown_filter", message=text, field=name[:40])


def _unusable(filters: Any) -> Iterator[Reason]:
    given = {name: value for name, value in filters.data.items() if name in filters.filters and value not in LEFT_OPEN}
    unsaid = [unreadable(name) for name, value in given.items() if not is_said(filters.filters[name], value)]
    named = {reason.field for reason in unsaid}
    for reason in (*unsaid, *(other for other in unusable(filters) if other.field not in named)):
        label = str(filters.form.fields[reason.field].label)
        yield replace(reason, message=f"{label}: {reason.message}")


def _misshown(listing: Listing, chosen: Sequence[str], sort: str, size: str) -> Iterator[Reason]:
    codes = {column.code for column in listing.columns}
    for code in chosen:
        if code not in codes:
            text = _("This list has no column “{name}”.").format(name=code[:40])
            yield Reason(code="unknown_column", message=text, field="columns")
    if sort not in listing.sorts:
        text = _("This list cannot be sorted by “{name}”.").format(name=sort[:40])
        yield Reason(code="unknown_sort", message=text, field="sort")
    if size and size not in map(str, listing.sizes):
        text = _("A page has {sizes} rows, not “{size}”.").format(
            sizes=" / ".join(map(str, listing.sizes)), size=size[:MOST_DIGITS]
        )
        yield Reason(code="unknown_size", message=text, field="size")


def _in_words(field: Any, raw: Sequence[str], value: Any) -> str:
    choices = {} if hasattr(field, "queryset") else dict(getattr(field, "choices", ()) or ())
    if choices:
        return "、".join(str(choices.get(item, item)) for item in raw)
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return "、".join(str(item) for item in value)
    return str(_("yes") if value is True else _("no") if value is False else value)

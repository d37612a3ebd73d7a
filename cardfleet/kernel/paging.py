"""Pages of long lists: rows are counted as far as they are looked at, for an exact count costs more than the page."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

COUNTED = 10_000
MOST_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class LongPage:
    """One page of a list, for `components/pages.html`. `more`: there are more rows than this; 0 where all are counted.

    The page of Django knows how many rows were counted, and holds the rows of this page alone.
    """

    page: Page[Any]
    more: int


def page_of(rows: Any, *, number: str | None, size: int, counted: QuerySet[Any, Any] | None = None) -> LongPage:
    """Return a page of rows in their order by its number as the address has it; of a number beyond the last, the last.

    `rows` is sliced; a queryset, or, with `counted`, whatever gives ids of those rows. Rows beyond the page and
    `COUNTED` are not counted, and on a page beyond `COUNTED`, or on a first one that holds them all, none: the rows
    say how many there are.
    """
    asked = _asked(number or "")
    first = size * (asked - 1)
    found = list(rows[first : first + size + 1])
    until = max(COUNTED, size * asked)
    if found and (first >= COUNTED or (not first and len(found) <= size)):
        until, count = size * asked, first + len(found)
    else:
        count = (rows if counted is None else counted).order_by()[: until + 1].count()
    page = Paginator(range(count), size).get_page(asked)
    if page.number != asked:
        start = max(page.start_index() - 1, 0)
        found = list(rows[start : start + size])
    page.object_list = found[:size]
    return LongPage(page=page, more=until if count > until else 0)


def _asked(number: str) -> int:
    return max(1, int(number[:MOST_DIGITS])) if number.isascii() and number.isdigit() else 1

"""Finding the header: below a title or two, in any order, under any of a field's names."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.simplified import simplified
from cardfleet.kernel.tabular.refusals import empty
from cardfleet.kernel.tabular.rows import Row

SEARCHED_ROWS = 30
_IGNORED = re.compile(r"[\s_*'\u200b-\u200f\ufeff]")


@dataclass(frozen=True)
class Header:
    """Where each field stands.

    `titles` are the names in the file by field, `unknown` those that no field claims, `cells` the whole line.
    """

    line: int
    columns: Mapping[str, int]
    titles: Mapping[str, str]
    unknown: Sequence[str] = ()
    cells: Sequence[str] = ()

    def __contains__(self, field: str) -> bool:
        return field in self.columns

    def cell(self, cells: Sequence[str], field: str) -> str:
        """Return the text of a field in a row; empty when the file lacks the column or the row ends before it."""
        index = self.columns.get(field)
        return cells[index] if index is not None and index < len(cells) else ""


def find_header(rows: Iterator[Row], aliases: Mapping[str, Sequence[str]], required: Sequence[str]) -> Header:
    """Take rows up to and including the header, and return it.

    `aliases` are the names of each field, the first of which is shown to people. Letter case, spaces, underscores,
    asterisks, text marks, the width of characters and Traditional for Simplified do not matter. BadInput when a
    required column is missing, or a field stands twice: then nobody can know which one is meant.
    """
    fields = {normalise(name): field for field, names in aliases.items() for name in (field, *names)}
    best: tuple[int, Row] | None = None
    for row in islice(rows, SEARCHED_ROWS):
        found = {fields[title] for title in map(normalise, row[1]) if title in fields}
        if found.issuperset(required):
            return _header(row, fields)
        if best is None or len(found) > best[0]:
            best = (len(found), row)
    if best is None:
        raise empty()
    raise _incomplete(best[1], fields, aliases, required)


def normalise(title: str) -> str:
    """Return what of a title is compared."""
    return simplified(_IGNORED.sub("", unicodedata.normalize("NFKC", title)).casefold())


def _header(row: Row, fields: Mapping[str, str]) -> Header:
    line, titles = row
    claimed = [(index, title.strip(), fields.get(normalise(title))) for index, title in enumerate(titles)]
    columns: dict[str, int] = {}
    doubled = []
    for index, title, field in claimed:
        if field in columns:
            doubled.append(_doubled(line, title, titles[columns[field]]))
        elif field:
            columns[field] = index
    if doubled:
        raise BadInput(reasons=doubled)
    names = {field: titles[index].strip() for field, index in columns.items()}
    return Header(line, columns, names, [title for _index, title, field in claimed if title and not field], titles)


def _doubled(line: int, title: str, first: str) -> Reason:
    return Reason(
        code="header_doubled",
        message=_("The columns “{first}” and “{title}” mean the same. Delete one of them.").format(
            first=first.strip(), title=title
        ),
        line=line,
        column=title,
        value=title,
    )


def _incomplete(
    row: Row, fields: Mapping[str, str], aliases: Mapping[str, Sequence[str]], required: Sequence[str]
) -> BadInput:
    line, titles = row
    found = {fields.get(normalise(title)) for title in titles}
    seen = ", ".join(title.strip() for title in titles if title.strip())[:200]
    return BadInput(
        reasons=[
            Reason(
                code="header_missing",
                message=_("The column “{title}” is missing. Name it in the first line.").format(
                    title=aliases[field][0]
                ),
                line=line,
                column=aliases[field][0],
                value=seen,
            )
            for field in required
            if field not in found
        ]
    )

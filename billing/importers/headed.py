"""Formats whose columns are named in a header."""

from collections.abc import Mapping, Sequence

from billing.choices import SourceRole
from billing.importers.layout import Layout, Sample, column
from billing.rules.times import Period
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.tabular import Header, find_header


def read_header(sample: Sample, aliases: Mapping[str, Sequence[str]], required: Sequence[str]) -> Header | None:
    """Return the header, or None where too little of it is there for the file to be of this format.

    BadInput names the columns that lack where half of them are there, and a column that stands twice.
    """
    try:
        return find_header(iter(sample.rows), aliases, required)
    except BadInput as error:
        missing = [reason for reason in error.reasons if reason.code == "header_missing"]
        if missing and len(missing) * 2 > len(required):
            return None
        raise


def named(
    header: Header, sample: Sample, *, name: str, role: SourceRole, own_number: str, period: Period | None = None
) -> Layout:
    """Return the layout of a file by its header."""
    titles = next(cells for line, cells in sample.rows if line == header.line)
    return Layout(
        format=name,
        role=role,
        width=len(titles),
        least=len(titles),
        first_line=header.line + 1,
        values={value: column(index) for value, index in header.columns.items()},
        titles=header.titles,
        header=titles,
        own_number=own_number,
        period=period or sample.period,
    )

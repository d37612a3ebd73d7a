"""What imports leave as files: new sign-ins, and the refused rows to be corrected and sent again."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from agents.importers.agents import REJECT
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.spreadsheets import Column, csv_chunks
from cardfleet.kernel.tabular import Header


class RefusedLine(Protocol):
    """A line of a file and why it was refused."""

    @property
    def number(self) -> int:
        """Where it stands in the file."""

    @property
    def cells(self) -> Sequence[str]:
        """What was sent."""

    @property
    def reasons(self) -> Sequence[Reason]:
        """Why it was refused."""


def sign_ins_csv(sign_ins: Sequence[tuple[str, str, str]]) -> bytes:
    """Return staff number, name and one-time password of each new sign-in."""
    columns = [Column(_("Staff number")), Column(_("Name")), Column(_("One-time password"))]
    return b"".join(csv_chunks(columns, sign_ins))


def rejects_csv(header: Header, refused: Sequence[RefusedLine]) -> bytes:
    """Return the refused rows as they were sent, with line, column and reason beside them."""
    added = {header.columns.get(name) for name in REJECT}
    kept = [index for index in range(len(header.cells)) if index not in added]
    columns = [Column(header.cells[index]) for index in kept]
    columns += [Column(_("Line")), Column(_("Column")), Column(_("Reason"))]
    return b"".join(csv_chunks(columns, _rows(kept, refused)))


def _rows(kept: Sequence[int], refused: Sequence[RefusedLine]) -> Iterator[list[str]]:
    for line in refused:
        cells = dict(enumerate(line.cells))
        places = ", ".join(dict.fromkeys(reason.column for reason in line.reasons))
        sentences = " ".join(f"{reason.message} {reason.clears}".strip() for reason in line.reasons)
        yield [*(cells.get(index, "") for index in kept), str(line.number), places, sentences]

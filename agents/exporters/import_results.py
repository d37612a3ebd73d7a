"""What an agent import leaves as files: the new sign-ins, and the refused rows to be corrected and sent again."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from agents.importers.agents import REJECT, AgentLine, AgentSheet
from cardfleet.kernel.spreadsheets import Column, csv_chunks


def sign_ins_csv(sign_ins: Sequence[tuple[str, str, str]]) -> bytes:
    """Return staff number, name and one-time password of each new sign-in."""
    columns = [Column(_("Staff number")), Column(_("Name")), Column(_("One-time password"))]
    return b"".join(csv_chunks(columns, sign_ins))


def rejects_csv(sheet: AgentSheet, refused: Sequence[AgentLine]) -> bytes:
    """Return the refused rows as they were sent, with line, column and reason beside them."""
    added = {sheet.header.columns.get(name) for name in REJECT}
    kept = [index for index in range(len(sheet.header.cells)) if index not in added]
    columns = [Column(sheet.header.cells[index]) for index in kept]
    columns += [Column(_("Line")), Column(_("Column")), Column(_("Reason"))]
    return b"".join(csv_chunks(columns, _rows(kept, refused)))


def _rows(kept: Sequence[int], refused: Sequence[AgentLine]) -> Iterator[list[str]]:
    for line in refused:
        cells = dict(enumerate(line.cells))
        places = ", ".join(dict.fromkeys(reason.column for reason in line.reasons))
        sentences = " ".join(f"{reason.message} {reason.clears}".strip() for reason in line.reasons)
        yield [*(cells.get(index, "") for index in kept), str(line.number), places, sentences]

"""XLS and XLSX: the first visible sheet that holds anything, each cell as a person sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from cardfleet.kernel.reading import cell_text
from cardfleet.kernel.tabular.refusals import damaged, empty, nul, unreadable
from cardfleet.kernel.tabular.rows import Rows

MIDNIGHT = time(0)
# Where the reader gives up on damage it did not foresee, its exception is of this module and no `Exception`.
RUST = "pyo3_runtime"


def read(file: BinaryIO) -> Rows:
    """Yield the rows that hold anything; a formula gives the value it was saved with."""
    with _opened(file) as workbook:
        for line, cells in enumerate(_sheet(workbook).iter_rows(), start=1):
            texts = [shown(cell) for cell in cells]
            if any("\0" in text for text in texts):
                raise nul(line)
            if any(texts):
                yield line, texts


def shown(value: object) -> str:
    """Return a cell as a person sees it: days and times as ISO writes them."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime() if value.time() == MIDNIGHT:
            return value.date().isoformat()
        case datetime() | float() | int() | str():
            return cell_text(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return cell_text(value)


@contextmanager
def _opened(file: BinaryIO) -> Iterator[CalamineWorkbook]:
    file.seek(0)
    try:
        with CalamineWorkbook.from_filelike(file) as workbook:
            yield workbook
    except PasswordError as error:
        raise unreadable(
            "file_protected", _("The workbook is protected by a password. Remove the password and send it again.")
        ) from error
    except (CalamineError, ValueError) as error:
        raise damaged() from error
    except BaseException as error:
        if type(error).__module__ != RUST:
            raise
        raise damaged() from error


def _sheet(workbook: CalamineWorkbook) -> CalamineSheet:
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.visible == SheetVisibleEnum.Visible:
            opened = workbook.get_sheet_by_index(index)
            if opened.height:
                return opened
    raise empty()

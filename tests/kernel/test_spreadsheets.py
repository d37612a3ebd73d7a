"""Downloads: identifiers as text, numbers as numbers, no formula from anybody's input."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from cardfleet.kernel import spreadsheets
from cardfleet.kernel.spreadsheets import Column, ColumnKind, csv_chunks, write_xlsx

COLUMNS = [
    Column("卡号"),
    Column("次数", ColumnKind.INTEGER),
    Column("费用", ColumnKind.MONEY),
    Column("日期", ColumnKind.DATE),
    Column("时间", ColumnKind.DATETIME),
]
EVENING = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
ROW = ["89860070310112094320", -3, Decimal("-12.50"), date(2026, 11, 20), EVENING]
EMPTY = ["", None, None, None, None]


def test_csv_has_a_mark_and_shanghai_times() -> None:
    content = b"".join(csv_chunks(COLUMNS, [ROW, EMPTY]))
    assert content.decode("utf-8-sig").splitlines() == [
        "卡号,次数,费用,日期,时间",
        "89860070310112094320,-3,-12.50,2026-11-20,2026-11-21 00:30:00",
        ",,,,",
    ]
    assert content.startswith(b"\xef\xbb\xbf")


def test_csv_is_streamed() -> None:
    taken = []

    def rows():
        for number in range(2000):
            taken.append(number)
            yield [str(number), None, None, None, None]

    next(csv_chunks(COLUMNS, rows()))
    assert len(taken) == 500


@pytest.mark.parametrize("text", ["=1+1", "+8613800001234", "-cmd", "@SUM(A1)", "\t=1"])
def test_a_text_is_never_a_formula(text: str) -> None:
    """R4: what somebody typed into a name cannot run on the computer of the one who exports it."""
    assert next(csv_chunks([Column("x")], [[text]])).decode("utf-8-sig").splitlines()[1].strip('"') == f"'{text}"
    sheet = written([Column("x")], [[text]])
    assert (sheet["A2"].value, sheet["A2"].data_type) == (f"'{text}", "s")
    assert next(csv_chunks([Column(text)], [])).decode("utf-8-sig").strip('"\r\n') == f"'{text}"
    assert written([Column(text)], [])["A1"].value == f"'{text}"


def written(columns, rows):
    stream = io.BytesIO()
    write_xlsx(stream, columns, rows)
    return openpyxl.load_workbook(stream).active


def test_xlsx_keeps_texts_texts_and_numbers_numbers() -> None:
    sheet = written(COLUMNS, [ROW, EMPTY])
    assert [cell.value for cell in sheet[1]] == ["卡号", "次数", "费用", "日期", "时间"]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "d"]
    assert [cell.value for cell in sheet[2]][:3] == ["89860070310112094320", -3, -12.5]
    assert sheet["D2"].value.date() == date(2026, 11, 20)
    assert sheet["E2"].value.isoformat() == "2026-11-21T00:30:00"
    assert sheet["C2"].number_format == "0.00"
    assert sheet.freeze_panes == "A2"


def test_control_characters_do_not_break_the_workbook() -> None:
    assert written([Column("x")], [["a\x00b\x1bc"]])["A2"].value == "abc"


def test_a_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "ROWS_A_SHEET", 3)
    stream = io.BytesIO()
    assert write_xlsx(stream, [Column("x")], [["1"], ["2"], ["3"], ["4"], ["5"]]) == 5
    sheets = openpyxl.load_workbook(stream).worksheets
    assert [[row[0].value for row in sheet] for sheet in sheets] == [["x", "1", "2"], ["x", "3", "4"], ["x", "5"]]

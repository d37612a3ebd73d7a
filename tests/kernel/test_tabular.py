"""Every way a spreadsheet arrives, and every way it arrives broken (bad input of the take-over and of imports)."""

import io
import struct
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from django.utils import translation

from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.tabular import Kind, UnreadableFile, find_header, open_table

TABLE = "卡号,手机号,备注\n89860070310112094320,13800001234,张三的卡\n89860619150001639290,13900001234,“备用”\n"
ROWS = [
    (1, ["卡号", "手机号", "备注"]),
    (2, ["89860070310112094320", "13800001234", "张三的卡"]),
    (3, ["89860619150001639290", "13900001234", "“备用”"]),
]


def read(content: bytes) -> list[tuple[int, list[str]]]:
    return list(open_table(io.BytesIO(content), "cards").rows())


def workbook(*rows: list, formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, number_format in (formats or {}).items():
        book.active[place].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **parts}.items():
            packed.writestr(name, content)
    return stream.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    assert refused.value.status == 400
    return refused.value.reasons[0].code


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
    ],
)
def test_encodings(codec: str, encoding: str) -> None:
    table = open_table(io.BytesIO(TABLE.encode(codec)), "cards.csv")
    assert (table.kind, table.encoding, table.delimiter) == (Kind.TEXT, encoding, ",")
    assert list(table.rows()) == ROWS
    assert list(table.rows()) == ROWS, "a table can be read again"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, newline: str) -> None:
    text = TABLE.replace(",", delimiter).replace("\n", newline)
    assert read(text.encode()) == ROWS


def test_one_column_is_a_table() -> None:
    assert read("卡号\n898600\n".encode()) == [(1, ["卡号"]), (2, ["898600"])]


def test_blank_lines_are_skipped_and_lines_are_those_a_person_sees() -> None:
    assert read(b'\n\na,b\n,\n"1\n2",x\n3,y\n') == [(3, ["a", "b"]), (5, ["1\n2", "x"]), (7, ["3", "y"])]


def test_a_caller_whose_quotation_marks_were_not_doubled() -> None:
    """FreeSWITCH's template "asterisk" writes "Li" <100> within quotation marks as it stands."""
    line = b'"1",""Li" <100>","x"\n'
    assert read(b'"0","","y"\n' + line * 2) == [(1, ["0", "", "y"]), *((n, ["1", '"Li" <100>', "x"]) for n in (2, 3))]
    assert read(b'""Li" <100>",1\n1,""Li" <>"') == [(1, ['"Li" <100>', "1"]), (2, ["1", '"Li" <>'])]


def test_a_misplaced_quotation_mark_beside_such_callers_names_its_line() -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(b'1,""Li" <100>"\n2,3\n4,"5"6\n')
    assert refused.value.reasons[0].line == 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\n", "file_empty"),
        ("﻿".encode(), "file_empty"),
        (TABLE.encode()[:-6], "file_cut_off"),
        (TABLE.encode("gb18030") + b"\x81", "file_cut_off"),
        (TABLE.encode("utf-16")[:-1], "file_cut_off"),
        (b'a,b\n1,"2\n3,4\n', "quote_unclosed"),
        (b'a,b\n1,"2"3\n', "quote_unclosed"),
        (b"a,b\n1,2\x00\n", "nul_byte"),
        (b"a,b\n\x81\x20\xff\xff\xfe\xfa\n", "encoding_unknown"),
        (b"%PDF-1.7\n...", "file_no_table"),
        (b"\x89PNG\r\n\x1a\n", "file_no_table"),
        ("<html><table><tr><td>卡号</td></tr></table></html>".encode(), "file_is_web_page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_cut_off"),
        (workbook(["a"])[:-200], "file_cut_off"),
        (workbook(["a"])[:300], "file_cut_off"),
        (workbook(), "file_empty"),
    ],
)
def test_unusable_files(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.parametrize(("content", "line"), [(b'a,b\n1,2\n3,"4\n5,6\n', 3), (b"a,b\n1,2\n\n3,\0\n", 4)])
def test_a_damaged_place_is_named(content: bytes, line: int) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    assert refused.value.reasons[0].line == line


def test_rows_before_a_damaged_place_are_read() -> None:
    rows = open_table(io.BytesIO(b'a,b\n1,"2\n'), "cards.csv").rows()
    assert next(rows) == (1, ["a", "b"])
    with pytest.raises(UnreadableFile):
        next(rows)


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        ("門號,姓名,備註\n0912345678,陳大文,備用卡\n", "big5", "big5"),
        ("姓名\n龘靐\n", "gbk", "gb18030"),
        ("iccid,状态\n1,停机\n", "gbk", "gb18030"),
    ],
)
def test_traditional_characters_are_told_from_rare_ones(text: str, codec: str, encoding: str) -> None:
    table = open_table(io.BytesIO(text.encode(codec)), "cards.csv")
    assert table.encoding == encoding
    assert next(table.rows())[1] == text.splitlines()[0].split(",")


def test_a_file_over_the_limit_is_refused_unread(settings) -> None:
    settings.UPLOAD_MAX_BYTES = 64
    assert refusal(TABLE.encode()) == "file_too_large"


def test_cells_of_a_workbook_come_as_a_person_sees_them() -> None:
    midnight, later = datetime.fromisoformat("2026-03-04T00:00:00"), datetime.fromisoformat("2026-03-04T05:06:07")
    content = workbook(
        ["号码", 13800001234, 12.5, 100.0, date(2026, 3, 4), midnight, later],
        [time(9, 30), timedelta(minutes=3, seconds=12), True, "=1+1", "+86", "@x", "-5"],
        [46348, 8.98601e19, None, " 张三 ", "00123"],
    )
    assert read(content) == [
        (1, ["号码", "13800001234", "12.5", "100", "2026-03-04", "2026-03-04", "2026-03-04 05:06:07"]),
        (2, ["09:30:00", "00:03:12", "TRUE", "", "+86", "@x", "-5"]),
        (3, ["46348", "8.98601e+19", "", " 张三 ", "00123", "", ""]),
    ]


def test_a_formula_gives_its_saved_value_and_a_text_like_one_stays() -> None:
    cells = b'<c r="A1"><f>SUM(1,2)</f><v>3</v></c><c r="B1" t="inlineStr"><is><t>=cmd|x</t></is></c>'
    assert read(with_sheet(b'<row r="1">' + cells + b"</row>")) == [(1, ["3", "=cmd|x"])]


def with_sheet(rows: bytes) -> bytes:
    """Return a workbook with a sheet of these rows."""
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["x"]))) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part, start + rows + b"</sheetData></worksheet>" if is_sheet else old.read(part))
    return stream.getvalue()


def test_hidden_and_empty_sheets_are_passed_over() -> None:
    book = openpyxl.Workbook()
    hidden, shown = book.active, book.create_sheet("cards")
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    book.create_sheet("empty", 1)
    shown.append(["shown"])
    stream = io.BytesIO()
    book.save(stream)
    assert read(stream.getvalue()) == [(1, ["shown"])]


def test_a_zip_bomb_posing_as_a_workbook_is_refused() -> None:
    """A 60 kB upload that unfolds to 64 MB."""
    bomb = archive(**{"xl/worksheets/sheet1.xml": b"\0" * (64 << 20)})
    assert len(bomb) < 100_000
    assert refusal(bomb) == "file_unfolds_too_far"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(archive(**{"xl/worksheets/sheet1.xml": b"\0" * (64 << 20)}))
    size = struct.pack("<I", 64 << 20)
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = struct.pack("<I", 1000)
    assert refusal(bytes(content)) == "file_cut_off"


def test_two_cells_far_apart_are_refused() -> None:
    """The reader would hold the 17 billion cells between them."""
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row></sheetData>'
    assert refusal(archive(**{"xl/worksheets/sheet1.xml": sheet})) == "file_unfolds_too_far"


FAR = {
    "at no place": (b'<row r="1"><c r="A1"/><c r="' + b"x" * 99 + b'"/></row>', "file_cut_off"),
    "in small letters": (b'<row r="1"><c r="a1"/></row>', "file_cut_off"),
    "spelled out": (b'<row r="1"><c r="&#65;1"/></row>', "file_cut_off"),
    "with a prefix": (b'<x:row><x:c r="A1"/></x:row><x:row><x:c s="1" r="XFD999999"/></x:row>', "file_unfolds_too_far"),
    "one after another": (b"<row>" + b"<c/>" * 9000 + b"</row>" + b"<row/>" * 9000, "file_unfolds_too_far"),
    "in a tag without end": (b"<c" + b" " * (1 << 21) + b'r="A1"/>', "file_cut_off"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAR)
def test_cells_that_the_reader_would_place_far_apart_are_refused(name: str) -> None:
    """It reckons with whatever stands for a place, and would end the process for want of memory."""
    rows, code = FAR[name]
    sheet = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    assert refusal(archive(**{"xl/elsewhere/one.xml": sheet})) == code


def test_rows_and_cells_need_no_places() -> None:
    """Some writers leave them out; others split their tags in lines, or use a prefix."""
    rows = b'<row><c t="inlineStr"><is><t>a</t></is></c><c\nr="C1" t="inlineStr"><is><t>r = "b"</t></is></c></row>'
    assert read(with_sheet(rows)) == [(1, ["a", "", 'r = "b"'])]


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("photo.txt", "x")
    assert refusal(stream.getvalue()) == "file_no_table"


ALIASES = {"iccid": ["ICCID", "卡号"], "msisdn": ["手机号", "号码"], "fee": ["实收通信费(元)"], "state": ["状态"]}


def header_of(text: str, required: tuple[str, ...] = ("iccid", "msisdn")):
    rows = open_table(io.BytesIO(text.encode()), "cards.csv").rows()
    return find_header(rows, ALIASES, required), rows


def test_the_header_is_found_below_a_title_in_any_order_and_width() -> None:
    header, rows = header_of("导出于 2026-11-20,,,\n 手机号 ,*Ｉｃｃｉｄ,实收通信费（元）,别的\n1,2,3,4\n5\n")
    assert (header.line, header.columns) == (2, {"msisdn": 0, "iccid": 1, "fee": 2})
    assert header.titles["fee"] == "实收通信费（元）"
    assert header.unknown == ["别的"]
    assert "fee" in header
    assert "state" not in header
    line, cells = next(rows)
    assert (line, header.cell(cells, "fee"), header.cell(cells, "state")) == (3, "3", "")
    assert header.cell(next(rows)[1], "iccid") == "", "a short row has empty cells"


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("ICCID,状态\n1,2\n", "header_missing", "手机号"),
        ("89860070310112094320,13800001234\n", "header_missing", "ICCID"),
        ("ICCID,手机号,号码\n1,2,3\n", "header_doubled", "号码"),
        ("ICCID,手机号,卡号\n1,2,3\n", "header_doubled", "卡号"),
    ],
)
def test_a_missing_or_doubled_header_is_named(text: str, code: str, column: str) -> None:
    with pytest.raises(BadInput) as refused, translation.override("en"):
        header_of(text)
    reason = refused.value.reasons[0]
    assert (reason.code, reason.column, reason.line) == (code, column, 1)
    assert column in str(reason.message)

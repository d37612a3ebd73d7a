"""What supervisors upload by mistake: each yields a sentence with line and column, nothing half-written."""

import io
import zipfile

import pytest

from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from cards.importers.cards import CardSheet
from cards.models import Card
from cards.services.card_import import import_cards
from tests.cards.files import HEADER, csv_bytes, iccid, sheet_of, xlsx_bytes
from tests.conftest import FRIDAY
from tests.factories.cards import CarrierFactory

pytestmark = pytest.mark.django_db

GOOD = (iccid(1), "13800000001", "移动")


@pytest.fixture(autouse=True)
def mobile():
    return CarrierFactory(code="cmcc", name="中国移动", aliases=["移动"])


def load(content: bytes, name: str = "cards.csv"):
    """Read and import a file."""
    sheet = sheet_of(content, name)
    return import_cards(sheet=sheet, create_missing=False, team=None, reason="", actor=None, now=FRIDAY)


def refused(content: bytes) -> dict[int, tuple[str, str, str]]:
    """Return code, column and value of the first reason by refused line."""
    return {
        line.number: (line.reasons[0].code, line.reasons[0].column, line.reasons[0].value)
        for line in load(content).refused
    }


def zip_bomb() -> bytes:
    """Return a small XLSX whose sheet unfolds into far more than it looks."""
    target = io.BytesIO(xlsx_bytes(HEADER, GOOD))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * (64 << 20))
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"  \r\n \r\n", "file_empty"),
        (csv_bytes(("ICCID", "手机号"), GOOD[:2]), "header_missing"),
        (csv_bytes((*HEADER, "卡号"), (*GOOD, iccid(1))), "header_doubled"),
        (csv_bytes(HEADER), "no_rows"),
        (xlsx_bytes(HEADER, GOOD)[:-900], "file_cut_off"),
        (csv_bytes(HEADER, GOOD) + f'{iccid(2)},13800000002,"移动'.encode(), "quote_unclosed"),
        (bytes(range(128, 256)) * 40, "encoding_unknown"),
        (b"%PDF-1.7\n", "file_no_table"),
        (zip_bomb(), "file_unfolds_too_far"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unusable_file_is_refused_whole(content, code):
    """Unknown encoding, missing or doubled header, empty, cut, zip bomb: one sentence, nothing stored."""
    with pytest.raises(BadInput) as error:
        load(content)
    (reason,) = error.value.reasons
    assert reason.code == code
    assert str(reason.message)
    if code.startswith("header"):
        assert reason.line == 1
        assert reason.column
    assert not Card.objects.exists()
    assert not Entry.objects.exists()


def test_bad_cells_are_refused_by_line_and_column():
    """R63: 8.98601E+19, 31 February, a formula, an unknown carrier, a masked number, a letter in a balance."""
    rows = [
        (*HEADER, "到期日期", "余额", "领用日期"),
        ("8.98601E+19", "13800000002", "移动", "", "", ""),
        (iccid(3), "13800000003", "移动", "2027-02-31", "", ""),
        (iccid(4), "13800000004", "=VLOOKUP(A1)", "", "", ""),
        (iccid(5), "13800000005", "火星", "", "", ""),
        (iccid(6), "138****0006", "移动", "", "", ""),
        (iccid(7), "13800000007", "移动", "", "12元5角x", ""),
        (iccid(8), "13800000008", "移动", "", "", "上个月"),
        ("12345", "13800000009", "移动", "", "", ""),
    ]
    sheet = sheet_of(csv_bytes(*rows))
    outcome = import_cards(sheet=sheet, create_missing=False, team=None, reason="r", actor=None, now=FRIDAY)
    found = {line.number: [(reason.code, reason.column) for reason in line.reasons] for line in outcome.refused}
    assert found == {
        2: [("mangled_by_spreadsheet", "ICCID")],
        3: [("no_such_day", "到期日期")],
        4: [("formula", "运营商")],
        5: [("carrier_unknown", "运营商")],
        6: [("number_masked", "手机号")],
        7: [("amount_unreadable", "余额")],
        8: [("date_unreadable", "领用日期")],
        9: [("iccid_unreadable", "ICCID")],
    }
    assert not Card.objects.exists()


def test_file_cut_in_the_middle_keeps_the_whole_lines():
    whole = csv_bytes((*HEADER, "存放位置"), (*GOOD, "柜 A"), (iccid(2), "13800000002", "移动", "柜 B"))
    cut = whole[: whole.rindex(b",")]
    assert refused(cut) == {3: ("row_cut_off", "运营商", "")}
    assert Card.objects.get().iccid == iccid(1)


def test_spreadsheet_that_drops_empty_cells_at_the_end_is_whole():
    text = f"{','.join(HEADER)},存放位置,备注\r\n{','.join(GOOD)}\r\n{iccid(2)},13800000002,移动\r\n"
    assert load(text.encode()).counts()["created"] == 2


def test_line_with_a_comma_too_many_is_refused():
    text = f"{','.join(HEADER)},备注\r\n{','.join(GOOD)},a,b\r\n"
    assert refused(text.encode()) == {2: ("row_too_long", "", "b")}


def test_numbers_and_days_as_spreadsheets_store_them():
    """`.0` after numbers and serial days are understood; a number with lost digits is not."""
    content = xlsx_bytes(
        ("ICCID", "手机号", "运营商", "激活日期", "PUK码"),
        (iccid(1), 13800000001, "移动", 46027, 12345678),
        (8.986012345678e19, 13800000002, "移动", 46027, ""),
    )
    outcome = load(content, "cards.xlsx")
    card = Card.objects.get()
    assert (card.msisdn, card.activated_on.isoformat(), card.secret.puk1) == (
        "+8613800000001",
        "2026-01-05",
        "12345678",
    )
    assert [reason.code for line in outcome.refused for reason in line.reasons] == ["mangled_by_spreadsheet"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_is_read(encoding):
    """UTF-8 with or without a mark, GB18030 as Excel in China saves it."""
    load(csv_bytes((*HEADER, "存放位置"), (*GOOD, "东区三号柜"), encoding=encoding))
    assert Card.objects.get().location == "东区三号柜"


def test_title_above_the_header_and_semicolons():
    text = f"十月电话卡台账;;\r\n;;\r\n{';'.join(HEADER)}\r\n{';'.join(GOOD)}\r\n"
    outcome = load(text.encode("gb18030"))
    assert outcome.counts()["created"] == 1
    assert outcome.stored[0].line == 4


def test_secret_that_cannot_be_read_is_never_repeated():
    """R24: a bad PIN or PUK shows neither in the reason nor anywhere else."""
    outcome = load(csv_bytes((*HEADER, "PIN码", "PUK码", "服务密码"), (*GOOD, "12a4", "7.7E+07", "=SECRET9")))
    (line,) = outcome.refused
    assert [reason.column for reason in line.reasons] == ["PIN码", "PUK码", "服务密码"]
    said = str([reason.as_json() for reason in line.reasons]) + repr(line)
    assert not any(secret in said for secret in ("12a4", "7.7E+07", "SECRET9"))


def test_secrets_do_not_show_in_what_python_prints():
    sheet: CardSheet = sheet_of(csv_bytes((*HEADER, "PIN码"), (*GOOD, "90817")))
    assert "90817" not in repr(sheet.lines[0])

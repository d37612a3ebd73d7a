"""China Unicom's 详单 (formats.md 4.4): the Excel 97 workbook of its site, and what people make of it."""

from decimal import Decimal

import pytest

from billing.errors import OwnNumberDiffers, OwnNumberMissing
from billing.models import UsageRecord
from tests.billing import samples
from tests.billing.conftest import OWN, at
from tests.billing.samples import STORED

FILE = samples.china_unicom()
HEADER = FILE.rows[0]
TITLES = [["中国联通客户语音详单"], ["手机号码:13812345678"], ["查询周期:2026-10-01 至 2026-10-31"]]


def row(**values: str) -> list[str]:
    """A row of the detail, with some of its values."""
    usual = dict(zip(HEADER, FILE.rows[1], strict=True))
    return [values.get(title, usual[title]) for title in HEADER]


def check(batch) -> None:
    assert (batch.format, batch.own_number) == ("china_unicom", OWN)
    assert (batch.rows_stored, batch.rows_skipped, batch.rows_refused) == (3, 1, 0)
    stored = UsageRecord.objects.order_by("started_at").values_list(
        "started_at", "direction", "counterpart", "duration_s", "fee"
    )
    assert list(stored) == [(*call[:4], Decimal(call[4])) for call in STORED]


@pytest.mark.parametrize("kind", ["xls", "xlsx", "csv"])
def test_every_kind_of_file(kind, card, load):
    check(load(getattr(FILE, kind)(), name=f"详单.{kind}", own_number=OWN))


def test_a_gbk_file_with_the_own_number_in_its_name(card, load):
    check(load(FILE.csv().decode().encode("gb18030"), name="13812345678_202610.csv"))


def test_the_own_number_and_the_days_above_the_header(card, load):
    rows = [*FILE.rows[:1], *([*cells[:2], cells[2].removeprefix("2026-"), *cells[3:]] for cells in FILE.rows[1:])]
    titled = samples.SampleFile([*TITLES, *rows])
    check(load(titled.xls(), name="语音详单.xls"))
    with pytest.raises(OwnNumberDiffers):
        load(titled.xls(), own_number="+8613800000000")


def test_whose_calls_they_are_is_never_guessed(card, load):
    with pytest.raises(OwnNumberMissing):
        load(FILE.xls(), name="详单.xls")


@pytest.mark.parametrize("written", ["1小时0分3秒", "60分3秒", "01:00:03", "3603", "1时0分3秒", "1'0'3"])
def test_durations_in_every_spelling(written, card, load):
    load(samples.SampleFile([HEADER, row(通话时长=written)]).csv(), own_number=OWN)
    assert UsageRecord.objects.get().duration_s == 3603


def test_the_fee_is_the_whole_of_a_call_or_what_the_file_has(card, load):
    rows = [HEADER, row(通话费="0.50", 其他费="0.10", 小计="0.60")]
    load(samples.SampleFile(rows).csv(), own_number=OWN)
    assert UsageRecord.objects.get().fee == Decimal("0.60")
    shorter = [[*HEADER[:-2]], row(通话起始时间="2026-10-09 09:00:00", 通话费="0.50")[:-2]]
    load(samples.SampleFile(shorter).csv(), own_number=OWN)
    assert UsageRecord.objects.get(started_at=at(9, month=10)).fee == Decimal("0.50")


def test_a_fee_in_fen(card, load):
    header = [*HEADER[:-1], "小计(分)"]
    load(samples.SampleFile([header, row(小计="60")]).csv(), own_number=OWN)
    assert UsageRecord.objects.get().fee == Decimal("0.60")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("通话起始时间", "2026-02-31 09:00:00", "no_such_day"),
        ("通话时长", "三分", "duration_unreadable"),
        ("呼叫类型", "漫游", "direction_unreadable"),
        ("对方号码", "1.39E+10", "mangled_by_spreadsheet"),
        ("小计", "免", "amount_unreadable"),
    ],
)
def test_a_row_that_cannot_be_read_says_where_and_why(column, value, code, card, load):
    file = samples.SampleFile([*TITLES, HEADER, row(), row(**{column: value})])
    batch = load(file.xls(), name="详单.xls")
    reject = batch.rejects.get()
    assert (batch.rows_stored, reject.line, reject.column, reject.value, reject.code) == (1, 6, column, value, code)

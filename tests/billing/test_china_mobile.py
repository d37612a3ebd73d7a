"""China Mobile's 详单 (formats.md 4.4)."""

import io
from decimal import Decimal

import openpyxl
import pytest

from billing.errors import OwnNumberDiffers, OwnNumberMissing
from billing.models import UsageRecord
from tests.billing.conftest import OWN, at

HEADER = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)"
ROWS = [
    "2026-10-08 09:15:02,上海,主叫,13900000001,1分12秒,国内通话,全国亲情网,0.00",
    "2026-10-08 09:20:41,上海,被叫,02112345678,35秒,国内通话,,0.00",
    "2026-10-31 23:59:58,上海,主叫,13900000001,1小时0分3秒,国内通话,,12.20",
]
PREAMBLE = ["中国移动通信客户语音详单", "客户姓名:张**,,手机号码:13812345678", "查询起止日期:2026-10-01 至 2026-10-31"]


def detail(*above: str, rows: list[str] = ROWS) -> str:
    return "\n".join([*above, HEADER, *rows, "合计,,,,,,,12.20"]) + "\n"


def check(batch) -> None:
    assert (batch.format, batch.own_number) == ("china_mobile", OWN)
    assert (batch.rows_stored, batch.rows_skipped, batch.rows_refused) == (3, 1, 0)
    stored = UsageRecord.objects.order_by("started_at").values_list(
        "started_at", "direction", "counterpart", "duration_s", "fee"
    )
    assert list(stored) == [
        (at(8, 9, 15, 2, month=10), "out", "+8613900000001", 72, Decimal("0.00")),
        (at(8, 9, 20, 41, month=10), "in", "+862112345678", 35, Decimal("0.00")),
        (at(31, 23, 59, 58, month=10), "out", "+8613900000001", 3603, Decimal("12.20")),
    ]


def test_own_number_given(card, load):
    check(load(detail(), own_number=OWN))


def test_own_number_in_the_file_s_name(card, load):
    check(load(detail().encode("gb18030"), name="13812345678_2026年10月语音详单.csv"))


def test_own_number_above_the_header(card, load):
    check(load(detail(*PREAMBLE).encode("utf-8-sig")))


def test_a_workbook(card, load):
    book = openpyxl.Workbook()
    for line in detail(*PREAMBLE).splitlines():
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    check(load(stream.getvalue(), name="详单.xlsx"))


def test_times_without_a_year_take_it_from_what_the_file_covers(card, load):
    rows = [row.removeprefix("2026-") for row in ROWS]
    check(load(detail(*PREAMBLE, rows=rows)))


def test_around_new_year_the_period_decides_the_year(card, load):
    rows = [f"{day} 10:00:00,上海,主叫,13900000001,5秒,国内通话,,0.00" for day in ("12-31", "01-01")]
    load(detail("起止日期:2025-12-15 至 2026-01-14", rows=rows), own_number=OWN)
    years = UsageRecord.objects.order_by("started_at").values_list("started_at__year", flat=True)
    assert list(years) == [2025, 2026]


def test_whose_calls_they_are_is_never_guessed(card, load):
    with pytest.raises(OwnNumberMissing):
        load(detail())
    with pytest.raises(OwnNumberDiffers):
        load(detail(*PREAMBLE), own_number="+8613800000000")
    assert not UsageRecord.objects.exists()

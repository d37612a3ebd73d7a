"""Durations, times, fees and directions of call records, the reference for the set-based import (formats.md 4.4)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.durations import read_duration
from billing.rules.numbers import ANDROID_CODES, TELECOM_CODES, TENCENT_CODES, read_direction, read_fee
from billing.rules.times import Period, read_time
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.reading import Unreadable

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
NEW_YEAR = Period(date(2026, 12, 20), date(2027, 1, 19))


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("0", 0),
        ("192", 192),
        ("192.0", 192),
        ("192.2", 193),
        ("192秒", 192),
        ("3:12", 192),
        ("75:10", 4510),
        ("00:03:12", 192),
        ("01:03:12", 3792),
        ("3分12秒", 192),
        ("3分", 180),
        ("3分钟", 180),
        ("12秒钟", 12),
        ("1时3分12秒", 3792),
        ("1小时3分12秒", 3792),
        ("0时0分5秒", 5),
        ("1小时", 3600),
        ("1 小时 5 秒", 3605),
        ("0'3'12", 192),
        ("1'3'12", 3792),
        ("3'12\"", 192),
        ("3′12″", 192),
        ("1h3m12s", 3792),
        ("3m 12s", 192),
        ("192s", 192),
        ('192"', 192),
        ("192″", 192),
        ("3'12''", 192),
        ("0'0'5", 5),
        ("01'03'12", 3792),
        ("00时03分12秒", 192),
        ("0小时3分12秒", 192),
        ("3 分 12 秒", 192),
        ("'00:03:12", 192),
        ('="192"', 192),
        ("００：０３：１２", 192),
        ("0:3:12", 192),
        ("24:00:00", 86400),
    ],
)
def test_duration(raw: str, seconds: int) -> None:
    assert read_duration(raw) == seconds


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "missing"),
        ("12x", "duration_unreadable"),
        ("三分", "duration_unreadable"),
        ("3'", "duration_unreadable"),
        ("1'75'12", "duration_unreadable"),
        ("12秒3分", "duration_unreadable"),
        ("-5", "duration_unreadable"),
        ("0:61", "duration_unreadable"),
        ("1:75:00", "duration_unreadable"),
        ("86401", "duration_too_long"),
        ("25小时", "duration_too_long"),
        ("1.2E+3", "mangled_by_spreadsheet"),
        ("=A1*60", "formula"),
        ("3分12", "duration_unreadable"),
    ],
)
def test_duration_refused(raw: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_duration(raw)
    assert refused.value.code == code


@given(st.integers(min_value=0, max_value=86_399))
def test_every_spelling_of_a_duration_reads_the_same(seconds: int) -> None:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    spellings = [
        str(seconds),
        f"{hours:02}:{minutes:02}:{rest:02}",
        f"{hours}时{minutes}分{rest}秒",
        f"{hours}小时{minutes}分{rest}秒",
        f"{hours}'{minutes}'{rest}",
        f"{seconds // 60}分{rest}秒",
    ]
    assert {read_duration(spelling) for spelling in spellings} == {seconds}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-10-05 08:05:09", (2026, 10, 5, 8, 5, 9)),
        ("2026/10/5 8:05", (2026, 10, 5, 8, 5, 0)),
        ("2026/10/5 8:05:09", (2026, 10, 5, 8, 5, 9)),
        ("2026-10-05 08:05:09.0", (2026, 10, 5, 8, 5, 9)),
        ("2026-10-05  08:05:09", (2026, 10, 5, 8, 5, 9)),
        ("2026.10.05 08:05:09", (2026, 10, 5, 8, 5, 9)),
        ("2026-10-05T08:05:09", (2026, 10, 5, 8, 5, 9)),
        ("2026-10-05 08:05:09.750", (2026, 10, 5, 8, 5, 9)),
        ("2026-10-05T00:05:09Z", (2026, 10, 5, 8, 5, 9)),
        ("2026-10-05 08:05:09 +0800", (2026, 10, 5, 8, 5, 9)),
        ("2026-10-05T08:05:09+09:00", (2026, 10, 5, 7, 5, 9)),
        ("20261005080509", (2026, 10, 5, 8, 5, 9)),
        ("20261005 08:05:09", (2026, 10, 5, 8, 5, 9)),
        ("20261005 0805", (2026, 10, 5, 8, 5, 0)),
        ("2026年10月5日 8时5分9秒", (2026, 10, 5, 8, 5, 9)),
        ("2026年10月05日08:05:09", (2026, 10, 5, 8, 5, 9)),
        ("2026年10月5日 8点5分", (2026, 10, 5, 8, 5, 0)),
        ("2026/10/5 下午 3:05:09", (2026, 10, 5, 15, 5, 9)),
        ("2026/10/5 上午12:05:09", (2026, 10, 5, 0, 5, 9)),
        ("2026-10-05 12:05 PM", (2026, 10, 5, 12, 5, 0)),
        ("2026-10-05 03:05:09 pm", (2026, 10, 5, 15, 5, 9)),
        ("46300.5", (2026, 10, 5, 12, 0, 0)),
        ("46300", (2026, 10, 5, 0, 0, 0)),
        ("46300.3369097222", (2026, 10, 5, 8, 5, 9)),
        ("２０２６－１０－０５　０８：０５：０９", (2026, 10, 5, 8, 5, 9)),
        ("1791158709", (2026, 10, 5, 8, 5, 9)),
        ("1791158709999", (2026, 10, 5, 8, 5, 9)),
    ],
)
def test_time(raw: str, expected: tuple[int, ...]) -> None:
    assert read_time(raw) == datetime(*expected, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("raw", "period", "expected"),
    [
        ("10-05 08:05:09", OCTOBER, (2026, 10, 5)),
        ("10月5日 08:05:09", OCTOBER, (2026, 10, 5)),
        ("10/5 8:05", OCTOBER, (2026, 10, 5)),
        ("09-30 23:59:59", OCTOBER, (2026, 9, 30)),
        ("11-01 00:00:00", OCTOBER, (2026, 11, 1)),
        ("12-31 23:59:59", NEW_YEAR, (2026, 12, 31)),
        ("01-01 00:00:00", NEW_YEAR, (2027, 1, 1)),
        ("12-19 10:00:00", NEW_YEAR, (2026, 12, 19)),
        ("01-20 10:00:00", NEW_YEAR, (2027, 1, 20)),
        ("12-31 10:00:00", Period(date(2027, 1, 1), date(2027, 1, 31)), (2026, 12, 31)),
        ("01-01 10:00:00", Period(date(2026, 12, 1), date(2026, 12, 31)), (2027, 1, 1)),
        ("12-31 10:00:00", Period.year_up_to(date(2027, 1, 5)), (2026, 12, 31)),
        ("01-05 10:00:00", Period.year_up_to(date(2027, 1, 5)), (2027, 1, 5)),
        ("01-07 10:00:00", Period.year_up_to(date(2027, 1, 5)), (2026, 1, 7)),
        ("02-29 10:00:00", Period(date(2028, 2, 1), date(2028, 2, 29)), (2028, 2, 29)),
        ("2025-10-05 08:05:09", OCTOBER, (2025, 10, 5)),
    ],
)
def test_a_time_without_its_year_takes_it_from_the_period(
    raw: str, period: Period, expected: tuple[int, int, int]
) -> None:
    assert read_time(raw, period=period).date() == date(*expected)


@pytest.mark.parametrize(
    ("raw", "period", "code"),
    [
        ("2026-02-31 08:05:09", None, "no_such_day"),
        ("02-31 08:05:09", OCTOBER, "no_such_day"),
        ("02-29 08:05:09", OCTOBER, "no_such_day"),
        ("10-05 08:05:09", None, "year_missing"),
        ("2026-10-05 25:00:00", None, "no_such_time"),
        ("2026-10-05 08:61:00", None, "no_such_time"),
        ("2026-10-05", None, "time_unreadable"),
        ("10/05/2026 08:05", None, "time_unreadable"),
        ("26-10-05 08:05", OCTOBER, "time_unreadable"),
        ("2026-10-0508:05", None, "time_unreadable"),
        ("昨天", None, "time_unreadable"),
        ("", None, "missing"),
        ("2.02610E+13", None, "mangled_by_spreadsheet"),
        ("12345.5", None, "time_unreadable"),
    ],
)
def test_time_refused(raw: str, period: Period | None, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_time(raw, period=period)
    assert refused.value.code == code


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)))  # noqa: DTZ001
def test_every_spelling_of_a_time_reads_the_same(naive: datetime) -> None:
    moment = naive.replace(microsecond=0, tzinfo=SHANGHAI)
    day = moment.date()
    spellings = [
        moment.strftime("%Y-%m-%d %H:%M:%S"),
        moment.strftime("%Y年%m月%d日 %H时%M分%S秒"),
        moment.strftime("%Y%m%d%H%M%S"),
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        moment.strftime("%m-%d %H:%M:%S"),
    ]
    assert {read_time(spelling, period=Period(day, day)) for spelling in spellings} == {moment}


@pytest.mark.parametrize(
    ("raw", "fee"), [("0.15", "0.15"), ("", "0.00"), ("--", "0.00"), ("0.15元", "0.15"), ("0.125", "0.13")]
)
def test_fee(raw: str, fee: str) -> None:
    assert str(read_fee(raw)) == fee


def test_a_fee_in_fen() -> None:
    assert str(read_fee("15", fen=True)) == "0.15"


@pytest.mark.parametrize(("raw", "code"), [("-0.15", "negative_amount"), ("免", "amount_unreadable")])
def test_fee_refused(raw: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_fee(raw)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("raw", "codes", "direction"),
    [
        ("主叫", None, "out"),
        ("国内主叫", None, "out"),
        ("呼出", None, "out"),
        ("去电", None, "out"),
        ("呼叫转移", None, "out"),
        ("OUT", None, "out"),
        (" outgoing ", None, "out"),
        ("被叫", None, "in"),
        ("呼入", None, "in"),
        ("未接来电", None, "in"),
        ("in", None, "in"),
        ("0", TELECOM_CODES, "out"),
        ("1.0", TELECOM_CODES, "in"),
        ("0", TENCENT_CODES, "in"),
        ("2", ANDROID_CODES, "out"),
        ("3", ANDROID_CODES, "in"),
    ],
)
def test_direction(raw: str, codes: Mapping[str, str] | None, direction: str) -> None:
    """R115: calls are made and received."""
    assert read_direction(raw, codes=codes) == direction  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "codes", "code"),
    [
        ("0", None, "direction_unreadable"),
        ("9", TELECOM_CODES, "direction_unreadable"),
        ("", None, "missing"),
        ("左", None, "direction_unreadable"),
    ],
)
def test_direction_refused(raw: str, codes: Mapping[str, str] | None, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_direction(raw, codes=codes)  # type: ignore[arg-type]
    assert refused.value.code == code

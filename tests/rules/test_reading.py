"""How cells, days and amounts are read, without a database."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from cardfleet.kernel.reading import Unreadable, cell_text, compact, read_amount, read_day, tidy


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  x", "  x"),
        (13800138000.0, "13800138000"),
        (0.5, "0.5"),
        (8.98601e19, "8.98601e+19"),
        (7, "7"),
        (datetime(2026, 11, 22, 8, 30), "2026-11-22 08:30:00"),  # noqa: DTZ001
        (date(2026, 11, 22), "2026-11-22"),
    ],
)
def test_cell_text(value: object, text: str) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\ufeff 138 ", "138"),
        ("'0012", "0012"),
        ('="0012"', "0012"),
        ("\u3000１２：３０", "12:30"),
        ("\t13800138000", "13800138000"),
    ],
)
def test_tidy(raw: str, text: str) -> None:
    assert tidy(raw) == text


@pytest.mark.parametrize("raw", ["=1+1", "=HYPERLINK(A1)", '="a"&"b"'])
def test_a_formula_is_refused(raw: str) -> None:
    with pytest.raises(Unreadable) as refused:
        tidy(raw)
    assert refused.value.code == "formula"


@pytest.mark.parametrize("raw", ["8.98601E+19", "8.98601e19", "1.38E+10", "8E+19"])
def test_a_number_damaged_by_a_spreadsheet_is_refused(raw: str) -> None:
    with pytest.raises(Unreadable) as refused:
        compact(raw)
    assert refused.value.code == "mangled_by_spreadsheet"


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2026/1/2", date(2026, 1, 2)),
        ("2026.11.22", date(2026, 11, 22)),
        ("20261122", date(2026, 11, 22)),
        ("2026年11月22日", date(2026, 11, 22)),
        ("2026年 1月 2日", date(2026, 1, 2)),
        ("2026-11-22 00:00:00", date(2026, 11, 22)),
        ("2026/11/22 8:05", date(2026, 11, 22)),
        ("46348", date(2026, 11, 22)),
        ("46348.0", date(2026, 11, 22)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_read_day(raw: str, day: date) -> None:
    assert read_day(raw) == day


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2026-02-31", "no_such_day"),
        ("2025-02-29", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("20260231", "no_such_day"),
        ("", "missing"),
        ("22/11/2026", "date_unreadable"),
        ("11-22", "date_unreadable"),
        ("9999-12-31", "year_out_of_range"),
        ("0026-11-22", "year_out_of_range"),
        ("明天", "date_unreadable"),
        ("12345", "date_unreadable"),
    ],
)
def test_read_day_refuses(raw: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_day(raw)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        ("12.5", "12.50"),
        ("￥1,234.50", "1234.50"),
        ("12元", "12.00"),
        ("0", "0.00"),
        (".5", "0.50"),
        ("0.125", "0.13"),
        ("+3", "3.00"),
        ("CNY 10", "10.00"),
    ],
)
def test_read_amount(raw: str, amount: str) -> None:
    assert str(read_amount(raw)) == amount


def test_a_balance_may_be_negative() -> None:
    assert read_amount("-3.20", negative=True) == Decimal("-3.20")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("-0.01", "negative_amount"),
        ("", "missing"),
        ("元", "missing"),
        ("abc", "amount_unreadable"),
        ("1.2.3", "amount_unreadable"),
        ("1,23", "amount_unreadable"),
        ("-", "amount_unreadable"),
        ("100000000", "amount_too_large"),
        ("9" * 30, "amount_too_large"),
    ],
)
def test_read_amount_refuses(raw: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_amount(raw)
    assert refused.value.code == code


def test_a_secret_is_never_repeated() -> None:
    """R24: a PIN that cannot be read does not come back in the reason."""
    secret = Unreadable("pin_unreadable", "sentence", secret=True)
    assert "1234" not in str(secret.as_reason(value="1234", line=3, column="PIN码"))
    assert Unreadable("x", "sentence").as_reason(value="1234", line=3).value == "1234"

"""Amounts in capitals: rows by hand from 支付结算办法, annex 1, and from how 零 and 整 are used."""

from decimal import Decimal

import pytest

from billing.rules.capitals import in_capitals

ROWS = [
    ("0", "零元整"),
    ("0.05", "伍分"),
    ("0.50", "伍角整"),
    ("0.56", "伍角陆分"),
    ("1", "壹元整"),
    ("10", "壹拾元整"),
    ("10.50", "壹拾元零伍角整"),
    ("100.01", "壹佰元零壹分"),
    ("101", "壹佰零壹元整"),
    ("110", "壹佰壹拾元整"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("1001.10", "壹仟零壹元壹角整"),
    ("1010", "壹仟零壹拾元整"),
    ("1234.56", "壹仟贰佰叁拾肆元伍角陆分"),
    ("1409.50", "壹仟肆佰零玖元伍角整"),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("10001", "壹万零壹元整"),
    ("10010", "壹万零壹拾元整"),
    ("11000", "壹万壹仟元整"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("100000", "壹拾万元整"),
    ("107000.53", "壹拾万柒仟元零伍角叁分"),
    ("1000000", "壹佰万元整"),
    ("10000001", "壹仟万零壹元整"),
    ("100000000", "壹亿元整"),
    ("100001000", "壹亿零壹仟元整"),
    ("100000001.01", "壹亿零壹元零壹分"),
    ("102000000", "壹亿零贰佰万元整"),
    ("120000000", "壹亿贰仟万元整"),
    ("100010000", "壹亿零壹万元整"),
    ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
]


@pytest.mark.parametrize(("amount", "words"), ROWS)
def test_amounts_are_written_as_vouchers_ask(amount: str, words: str) -> None:
    """R67: the amount of a 报销单 in capitals."""
    assert in_capitals(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-0.01", "-12", "0.001", "1000000000000"])
def test_what_no_voucher_bears_is_refused(amount: str) -> None:
    """Below nil, parts of a fen, and beyond the figures there are words for."""
    with pytest.raises(ValueError, match="not an amount"):
        in_capitals(Decimal(amount))

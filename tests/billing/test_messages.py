"""Pasted balance messages (R29)."""

from datetime import datetime
from decimal import Decimal

import pytest

from billing.importers.messages import read_messages
from cardfleet.kernel.clock import SHANGHAI
from tests.conftest import FRIDAY


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "balance", "read_at", "state", "reason"),
    [
        ("13812345678 【中国移动】尊敬的客户，您好！您的话费余额为12.34元。", "12.34", FRIDAY, "", ""),
        (
            "【中国移动】尊敬的客户，截至2026年10月31日12时30分，您的手机13812345678账户余额：1,012.30元。",
            "1012.30", moment(2026, 10, 31, 12, 30), "", "",
        ),
        (
            "13812345678【中国联通】截至10月31日24时，您的可用余额：￥8元，感谢使用。",
            "8", moment(2026, 10, 31, 23, 59, 59), "", "",
        ),
        ("+86 13812345678\n【中国电信】您好，当前账户余额-5.60元，请及时充值。", "-5.60", FRIDAY, "", ""),
        (
            "【中国移动】尊敬的客户，号码13812345678已欠费23.50元，已停机，缴费后24小时内恢复。2026-11-18 09:00",
            "-23.50", moment(2026, 11, 18, 9), "full_stop", "arrears",
        ),
        ("13812345678 您的号码因欠费已被单停，欠费金额为3元。", "-3", FRIDAY, "half_stop", "arrears"),
        ("13812345678 【中国移动】余额不足，当前余额为0.50元，即将停机，请充值。", "0.50", FRIDAY, "", ""),
    ],
)  # fmt: skip
def test_a_message(text, balance, read_at, state, reason):
    readings = read_messages(text, now=FRIDAY)
    assert not readings.refused
    (line,) = readings.lines
    assert (line.msisdn, line.balance, line.read_at) == ("+8613812345678", Decimal(balance), read_at)
    assert (line.state, line.reason) == (state, reason)


def test_messages_that_say_too_little_are_named_by_line():
    text = (
        "13812345678 【中国移动】您的话费余额为12.34元。\n"
        "【中国移动】您的话费余额为1.00元。\n"
        "13900000001 【中国移动】您已成功订购\n流量包。\n"
        "13900000002 截至2027年10月31日，余额为1.00元。\n"
    )
    readings = read_messages(text, now=FRIDAY)
    assert [line.msisdn for line in readings.lines] == ["+8613812345678"]
    assert [(reason.line, reason.code) for reason in readings.refused] == [
        (2, "number_missing"), (3, "balance_missing"), (5, "time_ahead"),
    ]  # fmt: skip

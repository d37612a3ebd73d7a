"""Readings beside the computed balance, and states that come with them (R29, R30; take-over)."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from billing.errors import NothingReadable
from billing.models import BalanceReading
from billing.selectors.balances import balances
from billing.services import ledger
from billing.services.reading_files import import_messages, import_readings
from cardfleet.kernel.errors import BadInput
from tests.billing.conftest import at, generic

HEADER = "手机号,查询时间,余额,状态,停机原因"


@pytest.fixture
def read(card, now):
    def read(*rows: str, header: str = HEADER):
        content = "\n".join([header, *rows]).encode("gb18030")
        return import_readings(file=io.BytesIO(content), name="balances.csv", actor=None, now=now)

    return read


def test_the_latest_reading_is_shown_beside_our_own_sum(card, read, load):
    """R29: with as of when, from where; later readings win, whatever order they come in."""
    load(generic("13812345678,2026-11-18 09:00:00,out,13900000001,61,0.30"))
    account = card.paid_by.get().account
    ledger.top_up(account=account, amount=Decimal(20), actor=None, now=at(18, 10), card=card)
    done = read("13812345678,2026-11-19 12:00,19.00,,", "13812345678,2026-11-17 12:00,1.00,,")
    assert done.counts() == {"stored": 2, "known": 0, "states": 0, "refused": 0, "differing": 1}
    balance = balances([card.pk])[card.pk]
    assert (balance.computed, balance.reading, balance.read_at) == (Decimal("19.70"), Decimal("19.00"), at(19, 12))
    assert (balance.difference, balance.shown, balance.source) == (Decimal("-0.70"), Decimal("19.00"), "file")
    assert read("13812345678,2026-11-19 12:00,19.00,,").counts()["known"] == 1


def test_what_happened_after_a_reading_moves_what_is_shown(card, read, load):
    """A file of the whole month that comes after a reading inside it is not counted twice."""
    read("13812345678,2026-11-10 23:59:59,10.00,,")
    load(
        generic(
            "13812345678,2026-11-09 09:00:00,out,13900000001,61,0.30",
            "13812345678,2026-11-11 09:00:00,out,13900000001,61,0.50",
        )
    )
    ledger.top_up(account=card.paid_by.get().account, amount=Decimal(5), actor=None, now=at(12), card=card)
    balance = balances([card.pk])[card.pk]
    assert (balance.computed, balance.computed_then) == (Decimal("4.20"), Decimal("-0.30"))
    assert (balance.difference, balance.shown) == (Decimal("10.30"), Decimal("14.50"))


def test_states_are_changed_by_their_one_writer(card, read):
    done = read("13812345678,2026-11-19 12:00,-3.00,欠费停机,")
    card.refresh_from_db()
    assert done.states == 1
    assert (card.service_state, card.stop_reason, card.service_since) == ("full_stop", "arrears", at(19, 12))
    change = card.changes.filter(axis="service").latest("id")
    assert (change.from_state, change.to_state, change.source) == ("active", "full_stop", "import")


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("13812345670,2026-11-19,1.00,,", "msisdn", "unknown_card"),
        ("1381234567,2026-11-19,1.00,,", "手机号", "msisdn_unreadable"),
        ("13812345678,2026-11-31,1.00,,", "查询时间", "no_such_day"),
        ("13812345678,2026-11-21,1.00,,", "查询时间", "time_ahead"),
        ("13812345678,2026-11-19,1.0x,,", "余额", "amount_unreadable"),
        ("13812345678,2026-11-19,1.00,飞走,", "状态", "state_unknown"),
        ("13812345678,2026-11-19,,,", "余额", "missing"),
        ("13812345678,2026-11-19,,已释放,", "service_state", "illegal_transition"),
    ],
)
def test_a_line_that_cannot_be_used_says_why_and_the_others_land(row, column, code, read):
    done = read("13812345678,2026-11-18 09:00,5.00,,", row)
    assert done.stored >= 1
    (reason,) = done.refused
    assert (reason.line, reason.column, reason.code) == (3, column, code)


def test_a_table_without_balances_is_refused(read):
    with pytest.raises(BadInput):
        read("13812345678", header="手机号")


def test_messages_pasted_into_the_page(card, now):
    done = import_messages(text="13812345678 【中国移动】话费余额为12.34元。", actor=None, now=now)
    assert done.stored == 1
    reading = BalanceReading.objects.get()
    assert (reading.balance, reading.source, reading.read_at) == (Decimal("12.34"), "sms", now)
    with pytest.raises(NothingReadable):
        import_messages(text="你好", actor=None, now=now + timedelta(hours=1))


def test_the_command(card, tmp_path):
    path = tmp_path / "balances.txt"
    path.write_text("13812345678 【中国移动】截至2026年10月31日，话费余额为12.34元。\n")
    call_command("import_readings", path)
    assert BalanceReading.objects.get().read_at == at(31, 23, 59, 59, month=10)
    path.write_text("13812345678 【中国移动】您好。\n13812345678 余额1.00元\n")
    with pytest.raises(SystemExit):
        call_command("import_readings", path)
    path.write_text("您好")
    with pytest.raises(CommandError):
        call_command("import_readings", path)

"""Importing call records: the generic CSV and what every format shares (R13, R27, R82; invariant 6)."""

from datetime import date
from decimal import Decimal

import pytest

from billing.errors import UnknownFormat
from billing.models import UsageBatch, UsageDaily, UsageRecord, UsageReject
from cardfleet.kernel.errors import BadInput
from cards.models import CardChange
from tests.billing.conftest import OWN, at, generic
from tests.factories.agents import AgentFactory
from tests.factories.billing import held
from tests.factories.cards import CardFactory, PlanPriceFactory

CALL = "13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30"


def test_a_call_is_stored_rated_and_rolled_up(card, load):
    """R13, R27: minutes and fees of a card are recorded."""
    batch = load(generic(CALL, "13812345678,2026-11-19 09:10:00,in,13900000002,5,0.00"))
    assert (batch.format, batch.state, batch.rows_read, batch.rows_stored) == ("generic_csv", "stored", 2, 2)
    record = UsageRecord.objects.get(direction="out")
    assert (record.card_id, record.started_at, record.msisdn) == (card.pk, at(19), OWN)
    assert (record.counterpart, record.duration_s, record.answered) == ("+8613900000001", 61, True)
    assert (record.fee, record.rated_fee, record.flags) == (Decimal("0.30"), Decimal("0.30"), 0)
    daily = UsageDaily.objects.get()
    assert (daily.calls, daily.incoming, daily.seconds, daily.cost) == (1, 1, 61, Decimal("0.30"))


def test_the_same_file_adds_nothing(card, load):
    """Invariant 6."""
    load(generic(CALL))
    batch = load(generic(CALL, CALL))
    assert (batch.rows_stored, batch.rows_duplicate) == (0, 2)
    assert UsageRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        ("13812345678,2026-02-31 09:00:00,out,13900000001,61,0", "started_at", "2026-02-31 09:00:00", "no_such_day"),
        ("13812345678,2026-11-19 24:00:00,out,13900000001,61,0", "started_at", "2026-11-19 24:00:00", "no_such_time"),
        ("13812345678,yesterday,out,13900000001,61,0", "started_at", "yesterday", "time_unreadable"),
        ("13812345678,,out,13900000001,61,0", "started_at", "", "missing"),
        (
            "13812345678,1999-11-19 09:00,out,13900000001,6,0",
            "started_at",
            "1999-11-19 09:00",
            "year_out_of_range",
        ),
        ("13812345678,2026-11-19 09:00:00,sideways,13900000001,61,0", "direction", "sideways", "direction_unreadable"),
        (
            "13812345678,2026-11-19 09:00:00,out,no phone,61,0",
            "counterpart",
            "no phone",
            "counterpart_unreadable",
        ),
        ("13812345678,2026-11-19 09:00:00,out,13900000001,6l,0", "duration_s", "6l", "duration_unreadable"),
        ("13812345678,2026-11-19 09:00:00,out,13900000001,61,-0.30", "fee", "-0.30", "negative_amount"),
        ("13812345678,2026-11-19 09:00:00,out,13900000001,=1+1,0", "duration_s", "=1+1", "formula"),
        ("1.38E+10,2026-11-19 09:00:00,out,13900000001,61,0", "msisdn", "1.38E+10", "mangled_by_spreadsheet"),
        ("13899999999,2026-11-19 09:00:00,out,13900000001,61,0", "msisdn", "13899999999", "unknown_card"),
        ("13812345678,2026-11-19 09:00:00,out,139", "", "", "row_short"),
        ("13812345678,2026-11-19 09:00:00,out,13900000001,61,0,7", "", "", "row_long"),
    ],
)
def test_a_row_that_cannot_be_read_names_line_column_value_and_reason(row, column, value, code, card, load):
    """Bad input: the good rows land, the bad one says what is wrong with it."""
    batch = load(generic(CALL, row))
    assert (batch.rows_stored, batch.rows_refused, batch.rows_read) == (1, 1, 2)
    reject = UsageReject.objects.get(batch=batch)
    assert (reject.line, reject.column, reject.value, reject.code) == (3, column, value, code)
    assert reject.cells[: len(row.split(","))] == row.split(",")


def test_refused_rows_come_back_as_a_file_that_can_be_corrected(card, load, tmp_path):
    path = tmp_path / "rejected.csv"
    load(generic(CALL, "13812345678,2026-11-31 09:00:00,out,13900000001,61,0"), rejects_to=path)
    corrected = path.read_text("utf-8-sig").replace("2026-11-31", "2026-11-18")
    batch = load(corrected)
    assert (batch.rows_stored, batch.rows_refused) == (1, 0)
    assert not UsageReject.objects.filter(batch=batch).exists()


def test_a_number_two_cards_had_belongs_to_each_for_its_time(load, now):
    """Two cards with one number at different times."""
    first = CardFactory(
        msisdn=OWN, service_state="cancelled", activated_on=date(2026, 1, 1), service_since=at(10, month=9)
    )
    CardChange.objects.create(
        card=first,
        axis="service",
        from_state="active",
        to_state="cancelled",
        at=at(10, month=9),
        recorded_at=now,
        source="import",
    )
    second = CardFactory(msisdn=OWN, activated_on=date(2026, 10, 1))
    load(
        generic(
            "13812345678,2026-05-01 09:00:00,out,13900000001,5,0",
            "13812345678,2026-09-20 09:00:00,out,13900000001,5,0",
            "13812345678,2026-10-01 00:00:00,out,13900000001,5,0",
        )
    )
    stored = UsageRecord.objects.order_by("started_at").values_list("card_id", "flags")
    assert list(stored) == [(first.pk, 0), (first.pk, 1), (second.pk, 0)]


def test_calls_outside_a_card_s_life_are_stored_and_flagged(card, load):
    """import_usage stores rows outside a card's life and flags them."""
    batch = load(generic("13812345678,2026-02-28 23:59:59,out,13900000001,5,0", CALL))
    assert (batch.rows_stored, batch.rows_flagged) == (2, 1)
    assert UsageRecord.objects.get(flags=1).started_at == at(28, 23, 59, 59, month=2)


def test_a_call_is_stamped_with_who_held_the_card_at_its_start(card, load):
    """Invariant 6: later hand-outs do not rewrite whose a call was."""
    first, second = AgentFactory(), AgentFactory()
    held(card, first, at(1), at(10, 12))
    held(card, second, at(10, 12))
    load(
        generic(
            "13812345678,2026-11-01 08:59:59,out,13900000001,5,0",
            "13812345678,2026-11-10 11:59:59,out,13900000001,5,0",
            "13812345678,2026-11-10 12:00:00,out,13900000001,5,0",
        )
    )
    stamps = UsageRecord.objects.order_by("started_at").values_list("agent_id", "team_id")
    assert list(stamps) == [(None, None), (first.pk, first.user.team_id), (second.pk, second.user.team_id)]


def test_the_price_in_force_at_the_start_rates_a_call(card, load):
    """R27, R81: dated prices."""
    price = card.plan.prices.get()
    price.effective_to = date(2026, 11, 15)
    price.save()
    PlanPriceFactory(plan=card.plan, effective_from=date(2026, 11, 15), minute_price=Decimal("0.20"), rounding_s=6)
    load(
        generic(
            "13812345678,2026-11-14 23:59:59,out,13900000001,61,0",
            "13812345678,2026-11-15 00:00:00,out,13900000001,61,0",
            "13812345678,2026-11-15 00:10:00,in,13900000001,61,0",
            "13812345678,2026-11-15 00:20:00,out,13900000001,0,0",
        )
    )
    rated = UsageRecord.objects.order_by("started_at").values_list("rated_fee", flat=True)
    assert list(rated) == [Decimal("0.30"), Decimal("0.22"), Decimal("0.00"), Decimal("0.00")]


def test_the_iccid_decides_where_a_row_has_one(card, load):
    other = CardFactory()
    header = "iccid,msisdn,started_at,direction,counterpart,duration_s,fee,uid,answered"
    rows = [
        f"{other.iccid},13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30,a-1,是",
        ",13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30,a-2,否",
        ",13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30,a-2,否",
    ]
    batch = load("\n".join([header, *rows]))
    assert (batch.rows_stored, batch.rows_duplicate) == (2, 1)
    assert set(UsageRecord.objects.values_list("card_id", "answered")) == {(other.pk, True), (card.pk, False)}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026/11/19 09:00:00", at(19)),
        ("2026-11-19T09:00:00", at(19)),
        ("2026年11月19日 9时0分0秒", at(19)),
        ("20261119090000", at(19)),
        ("46345.375", at(19)),
        ("11-19 09:00:00", at(19)),
        ("12-31 23:00:00", at(31, 23, month=12).replace(year=2025)),
    ],
)
def test_times_in_every_spelling(written, read, card, load):
    load(generic(f"13812345678,{written},主叫,010-12345678,1分1秒,¥0.30"))
    record = UsageRecord.objects.get()
    assert (record.started_at, record.counterpart, record.duration_s) == (read, "+861012345678", 61)


def test_headers_in_chinese_and_in_any_order(card, load):
    batch = load(
        "费用(元),对方号码,通话时长(秒),呼叫类型,开始时间,本机号码\n"
        "0.30,13900000001,61,主叫,2026-11-19 09:00:00,13812345678\n合计,,61,,,\n".encode("gb18030")
    )
    assert (batch.rows_stored, batch.rows_skipped, batch.rows_read) == (1, 1, 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "file_empty"),
        ("msisdn,started_at,direction,counterpart,duration_s\n", "header_missing"),
        ("msisdn,msisdn,started_at,direction,counterpart,duration_s,fee\n", "header_doubled"),
        ('msisdn,started_at,direction,counterpart,duration_s,fee\n"1381,2', "quote_unclosed"),
    ],
)
def test_an_unreadable_file_stores_nothing(content, code, card, load):
    with pytest.raises(BadInput) as refused:
        load(content)
    assert refused.value.reasons[0].code == code
    assert UsageBatch.objects.get().state == "failed"


def test_a_file_of_no_known_format_says_so(card, load):
    with pytest.raises(UnknownFormat):
        load("a,b\n1,2\n")


def test_a_format_can_be_named(card, load):
    assert load(generic(CALL), wanted="generic_csv").rows_stored == 1
    with pytest.raises(UnknownFormat):
        load(generic(CALL), wanted="asterisk")
    with pytest.raises(UnknownFormat):
        load(generic(CALL), wanted="nonsense")

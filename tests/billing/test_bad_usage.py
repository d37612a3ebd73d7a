"""Files as they really come: refused rows, repeats, spellings, borders of time, cards that changed (bad input)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from billing.models import Account, LedgerEntry, UsageDaily, UsageRecord, UsageReject
from billing.selectors.proofs import wrong_usage
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.errors import BadInput
from cards.models import CardChange
from tests.billing.conftest import HEADER, OWN, at, generic
from tests.factories.cards import CardFactory, CarrierFactory

OWN_11 = OWN.removeprefix("+86")
MANY = 3_000


def call(moment: datetime, *, to: str = "13900000001", seconds: int = 30, fee: str = "0.10") -> str:
    return f"{OWN_11},{moment:%Y-%m-%d %H:%M:%S},out,{to},{seconds},{fee}"


def calls(count: int, first: datetime | None = None) -> list[str]:
    begin = first or at(3)
    return [call(begin + timedelta(seconds=9 * number), to=f"1390000{number % 1000:04}") for number in range(count)]


def spoiled(rows: list[str], every: int) -> list[str]:
    """Spoil one row in so many, each time another value."""
    ways = [
        lambda row: row.replace("2026-11", "2026-13", 1),
        lambda row: row.replace(",out,", ",sideways,"),
        lambda row: row.rpartition(",")[0],
        lambda row: row.replace(OWN_11, "13700000000"),
        lambda row: row.replace(",30,", ",3O,"),
    ]
    return [ways[number // every % 5](row) if number % every == 0 else row for number, row in enumerate(rows)]


def test_three_refused_rows_in_a_hundred(card, load, tmp_path):
    """Each good row lands, each bad one says why, and the file of the bad ones is taken once it is corrected."""
    rows, path = calls(MANY), tmp_path / "rejected.csv"
    batch = load(generic(*spoiled(rows, 33)), rejects_to=path)
    bad = len(range(0, MANY, 33))
    assert (batch.rows_stored, batch.rows_refused, batch.rows_read) == (MANY - bad, bad, MANY)
    codes = set(UsageReject.objects.values_list("code", flat=True))
    assert codes == {"no_such_day", "direction_unreadable", "row_short", "unknown_card", "duration_unreadable"}
    lines = UsageReject.objects.order_by("line").values_list("line", flat=True)
    assert list(lines) == [number + 2 for number in range(0, MANY, 33)]
    kept = path.read_text("utf-8-sig").splitlines()[1:]
    assert all(line.startswith(row) for line, row in zip(kept, spoiled(rows, 33)[::33], strict=True))
    again = load(generic(*rows))
    assert (again.rows_stored, again.rows_duplicate, again.rows_refused) == (bad, MANY - bad, 0)
    assert not list(wrong_usage())


def test_a_duplicate_file_with_one_new_row(card, load):
    rows = calls(MANY)
    load(generic(*rows))
    batch = load(generic(*rows[:100], call(at(4)), *rows[100:]))
    assert (batch.rows_stored, batch.rows_duplicate) == (1, MANY)
    entries = LedgerEntry.objects.order_by("pk").values_list("amount", flat=True)
    assert list(entries) == [-MANY * Decimal("0.10"), Decimal("-0.10")]


def test_a_file_that_repeats_one_call_a_thousand_times(card, load):
    """However it is spelled."""
    spelled = [call(at(3)), call(at(3)).replace(f"{OWN_11},", f"+86{OWN_11},"), call(at(3)).replace("-", "/")]
    batch = load(generic(*spelled * 334))
    assert (batch.rows_stored, batch.rows_duplicate) == (1, 1001)
    assert UsageDaily.objects.get().calls == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding, card, load):
    rows = [row.replace(",out,", ",主叫,").replace("13900000001", "未知") for row in calls(50)]
    batch = load("\r\n".join([HEADER, *rows]).encode(encoding))
    assert (batch.rows_stored, batch.rows_refused) == (50, 0)


def test_mixed_encodings_in_one_file_store_nothing(card, load):
    """Half of it UTF-8, half GB18030: nothing is guessed, the person is told what to do."""
    half = "\n".join(row.replace(",out,", ",主叫,") for row in calls(20))
    other = "\n".join(row.replace(",out,", ",被叫,") for row in calls(20, at(5)))
    content = f"{HEADER}\n{half}\n".encode() + other.encode("gb18030")
    with pytest.raises(BadInput) as refused:
        load(content)
    assert refused.value.reasons[0].code == "encoding_unknown"
    assert not UsageRecord.objects.exists()


def test_times_without_a_year_around_new_year(card, load):
    """Read in the year up to today: a December that is to come is the last one."""
    moments = ["12-31 23:59:59", "01-01 00:00:00", "11-20 09:00:00", "11-21 09:00:00"]
    load(generic(*(f"{OWN_11},{moment},out,13900000001,5,0" for moment in moments)))
    stored = UsageRecord.objects.order_by("started_at").values_list("started_at", flat=True)
    assert [moment.astimezone(SHANGHAI).strftime("%Y-%m-%d") for moment in stored] == [
        "2025-11-21",
        "2025-12-31",
        "2026-01-01",
        "2026-11-20",
    ]


def test_total_rows_are_no_calls(card, load):
    rows = calls(100)
    batch = load(generic(*rows[:50], "小计,,,,1500,5.00", *rows[50:], "合计,,,,3000,10.00", ",,总计,,3000,10.00"))
    assert (batch.rows_stored, batch.rows_skipped, batch.rows_refused) == (100, 3, 0)


def test_calls_across_midnight_and_month_end_belong_to_the_moment_they_began(card, load):
    load(generic(call(at(31, 23, 59, 59, month=10), seconds=7200), call(at(1, 0, 0, 0), seconds=60)))
    days = UsageDaily.objects.order_by("day").values_list("day", "calls", "seconds")
    assert list(days) == [(date(2026, 10, 31), 1, 7200), (date(2026, 11, 1), 1, 60)]
    months = LedgerEntry.objects.order_by("month").values_list("month", "amount")
    assert list(months) == [(date(2026, 10, 1), Decimal("-0.10")), (date(2026, 11, 1), Decimal("-0.10"))]


def ended(card, on: datetime, state: str = "cancelled") -> None:
    """End a card's life."""
    card.service_state, card.service_since = state, on
    card.save(update_fields=["service_state", "service_since"])
    CardChange.objects.create(
        card=card, axis="service", from_state="active", to_state=state, at=on, recorded_at=on, source="import"
    )


def test_rows_for_a_card_cancelled_since(card, load):
    """Calls of its life are stored, those after it too, but flagged."""
    ended(card, at(10))
    batch = load(generic(*calls(MANY), call(at(10, 9, 0, 1)), call(at(12))))
    assert (batch.rows_stored, batch.rows_refused, batch.rows_flagged) == (MANY + 2, 0, 2)
    assert set(UsageRecord.objects.filter(flags=1).values_list("card_id", flat=True)) == {card.pk}


def test_a_number_ported_to_another_carrier(card, load):
    """The number goes on with another card: each carrier's calls are its own card's, priced and charged there."""
    ended(card, at(10), state="ported_out")
    successor = CardFactory(msisdn=OWN, carrier=CarrierFactory(), activated_on=date(2026, 11, 10))
    load(generic(*calls(20), *calls(30, at(11))))
    shares = [UsageRecord.objects.filter(card=owner).count() for owner in (card, successor)]
    assert shares == [20, 30]
    assert sorted(Account.objects.values_list("carrier", "balance")) == sorted(
        [(card.carrier_id, Decimal("-2.00")), (successor.carrier_id, Decimal("-3.00"))]
    )
    assert not list(wrong_usage())

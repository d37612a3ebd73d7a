"""China Telecom's 详单, by header and by place (formats.md 4.4)."""

from decimal import Decimal

import pytest

from billing.errors import OwnNumberMissing
from billing.models import UsageRecord
from tests.billing import samples
from tests.billing.conftest import OWN
from tests.billing.samples import NUMBER, STORED

PROVINCES = {
    "chongqing": samples.china_telecom(),
    "sichuan": samples.china_telecom_sichuan(),
    "inner_mongolia": samples.china_telecom_inner_mongolia(),
    "digits": samples.china_telecom_digits(),
}
COLUMNS = samples.china_telecom_columns()


def stored() -> list[tuple]:
    calls = UsageRecord.objects.order_by("started_at").values_list(
        "started_at", "direction", "counterpart", "duration_s", "fee"
    )
    return [(*call[:4], str(call[4])) for call in calls]


@pytest.mark.parametrize("kind", ["xls", "csv"])
@pytest.mark.parametrize("province", PROVINCES)
def test_every_province_with_a_total_row(province, kind, card, load):
    file = PROVINCES[province]
    total = ["合计", *[""] * (len(file.rows[0]) - 2), "12.20"]
    with_total = samples.SampleFile([*file.rows, total])
    batch = load(getattr(with_total, kind)(), name=f"{NUMBER}.{kind}")
    assert (batch.format, batch.rows_stored, batch.rows_skipped, batch.rows_refused) == ("china_telecom", 3, 1, 0)
    assert stored() == STORED


@pytest.mark.parametrize(
    ("province", "column", "value", "code"),
    [
        ("chongqing", "通话时长（秒）", "12x", "duration_unreadable"),
        ("sichuan", "CALL_TYPE", "3", "direction_unreadable"),
        ("inner_mongolia", "converseDuration", "1'75'1", "duration_unreadable"),
        ("digits", "CallType", "2", "direction_unreadable"),
        ("digits", "CallFee", "-1", "negative_amount"),
    ],
)
def test_a_row_that_cannot_be_read_says_where_and_why(province, column, value, code, card, load):
    header, first, second, *_rest = PROVINCES[province].rows
    spoilt = [value if title == column else cell for title, cell in zip(header, second, strict=True)]
    batch = load(samples.SampleFile([header, first, spoilt]).csv(), own_number=OWN)
    reject = batch.rejects.get()
    assert (batch.rows_stored, reject.line, reject.column, reject.value, reject.code) == (1, 3, column, value, code)


def test_a_start_in_two_columns_is_named_by_its_day(card, load):
    header, *rows = PROVINCES["inner_mongolia"].rows
    rows[0] = ["2026-02-31", *rows[0][1:]]
    reject = load(samples.SampleFile([header, *rows]).csv(), own_number=OWN).rejects.get()
    assert (reject.column, reject.value, reject.code) == ("converseDate", "2026-02-31 09:15:02", "no_such_day")


def test_whose_calls_they_are_is_never_guessed(card, load):
    with pytest.raises(OwnNumberMissing):
        load(PROVINCES["sichuan"].csv())


@pytest.mark.parametrize("kind", ["xls", "xlsx", "csv"])
def test_columns_by_place_and_a_last_row_that_is_a_total(kind, card, load):
    """Without a header, and the own number in each row."""
    batch = load(getattr(COLUMNS, kind)(), name=f"天津.{kind}")
    assert (batch.format, batch.header) == ("china_telecom_columns", [])
    assert (batch.rows_stored, batch.rows_skipped, batch.rows_refused) == (3, 1, 0)
    assert stored() == STORED


@pytest.mark.parametrize("more", range(4))
def test_columns_between_both_ends_may_be_more(more, card, load):
    rows = [[*cells[:4], *["x"] * more, *cells[4:]] for cells in COLUMNS.rows]
    assert load(samples.SampleFile(rows).csv()).rows_stored == 3
    assert stored() == STORED


def test_titles_above_the_columns_are_no_rows(card, load):
    titles = [["天津电信语音详单", *[""] * 8], ["主叫", "被叫", "类型", "通话地", "", "时间", "秒", "", "费用"]]
    batch = load(samples.SampleFile([*titles, *COLUMNS.rows]).xls(), name="详单.xls")
    assert (batch.rows_stored, batch.rows_skipped, batch.rows_refused) == (3, 1, 0)


def test_only_a_last_row_without_a_start_is_a_total(card, load):
    *rows, total = COLUMNS.rows
    lost = [*rows[1][:2], "", *rows[1][3:]]
    batch = load(samples.SampleFile([rows[0], total, rows[2], lost]).csv())
    refused = batch.rejects.order_by("line").values_list("line", "column", "value", "code")
    assert batch.rows_stored == 2
    assert list(refused) == [(2, "起始时间", "", "missing"), (4, "呼叫类型", "", "missing")]


def test_refused_rows_come_back_by_their_place(card, load, tmp_path):
    path = tmp_path / "rejected.csv"
    *rows, _total = COLUMNS.rows
    spoilt = [*rows[2][:-1], "免"]
    load(samples.SampleFile([*rows[:2], spoilt]).csv(), rejects_to=path)
    corrected = path.read_text("utf-8-sig").replace("免", "12.20")
    assert load(corrected).rows_stored == 1
    assert UsageRecord.objects.get(duration_s=3603).fee == Decimal("12.20")

"""The normalised CSV of 25 columns."""

import pytest

from billing.importers.normalised import ALIASES
from billing.models import LineRecord, UsageRecord
from cardfleet.kernel.errors import BadInput
from tests.billing import samples
from tests.billing.samples import STORED
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory, VoiceLineFactory
from tests.factories.cards import CardFactory

COLUMNS = [names[0] for names in ALIASES.values()]
CHINESE = [names[-1] for names in ALIASES.values()]
FILE = samples.normalised(COLUMNS)
USUAL = dict(zip(COLUMNS, FILE.rows[1], strict=True))


def table(*rows: dict[str, str]) -> bytes:
    """A file of rows, each a call of the card but for some of its values."""
    return samples.SampleFile([COLUMNS, *([(USUAL | row)[name] for name in COLUMNS] for row in rows)]).csv()


def test_it_has_25_columns_in_english_or_chinese(card, load):
    assert len(set(COLUMNS)) == len(set(CHINESE)) == 25
    batch = load(samples.SampleFile([CHINESE, *FILE.rows[1:]]).xls(), name="话单.xls")
    assert (batch.format, batch.rows_stored, batch.rows_refused) == ("normalised_csv", 3, 0)
    stored = UsageRecord.objects.order_by("started_at").values_list(
        "started_at", "direction", "counterpart", "duration_s"
    )
    assert list(stored) == [call[:4] for call in STORED]


def test_the_card_is_found_by_iccid_number_imsi_or_extension(load):
    source = UsageSourceFactory(slug="pbx", role="switch")
    cards = CardFactory.create_batch(4)
    cards[2].imsi = "460001234567890"
    cards[2].save()
    UsageAliasFactory(source=source, alias="100", card=cards[3])
    batch = load(
        table(
            {"iccid": cards[0].iccid, "msisdn": cards[1].msisdn, "uid": "1"},
            {"msisdn": cards[1].msisdn, "uid": "2"},
            {"msisdn": "", "imsi": "460001234567890", "uid": "3"},
            {"msisdn": "", "extension": "100", "uid": "4"},
            {"msisdn": "", "extension": "101", "uid": "5"},
        ),
        source=source,
    )
    assert list(UsageRecord.objects.order_by("card").values_list("card", flat=True)) == [card.pk for card in cards]
    assert [(reject.line, reject.code) for reject in batch.rejects.all()] == [(6, "unknown_extension")]


def test_the_legs_of_a_call_count_once(card, load):
    legs = [{"uid": "a", "call_id": "c", "answered": "no"}, {"uid": "b", "call_id": "c", "answered": "yes"}]
    batch = load(table(*legs))
    assert (batch.rows_stored, batch.rows_skipped) == (1, 1)
    assert UsageRecord.objects.get().answered
    assert load(table(*reversed(legs))).rows_stored == 0


def test_a_trunk_is_a_voice_line(card, load):
    source = UsageSourceFactory(slug="pbx", role="switch")
    UsageAliasFactory(source=source, alias="unicom", line=VoiceLineFactory())
    assert load(table({"trunk": "unicom"}), source=source).rows_stored == 1
    assert (LineRecord.objects.count(), UsageRecord.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("started_at", "2026-02-31 09:00:00", "no_such_day"),
        ("duration_s", "6l", "duration_unreadable"),
        ("direction", "sideways", "direction_unreadable"),
        ("counterpart", "1.39E+10", "mangled_by_spreadsheet"),
        ("msisdn", "1.38E+10", "mangled_by_spreadsheet"),
        ("answered", "perhaps", "answered_unreadable"),
        ("fee", "-1", "negative_amount"),
    ],
)
def test_a_row_that_cannot_be_read_says_where_and_why(column, value, code, card, load):
    batch = load(table({}, {column: value, "uid": "v"}))
    reject = batch.rejects.get()
    assert (batch.rows_stored, reject.line, reject.column, reject.code) == (1, 3, column, code)
    assert value in reject.value


def test_a_column_that_lacks_is_named(card, load):
    """Without msisdn it is no generic table either."""
    rows = [cells[:4] + cells[5:] for cells in FILE.rows]
    with pytest.raises(BadInput) as refused:
        load(samples.SampleFile(rows).csv(), wanted="normalised_csv")
    assert [reason.column for reason in refused.value.reasons] == ["msisdn"]

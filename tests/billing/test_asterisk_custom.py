"""Asterisk's cdr_custom: the columns of cdr_csv in another order (formats.md 4.4)."""

import pytest

from billing.importers.asterisk_custom import COLUMNS
from billing.models import UsageRecord
from tests.billing import samples
from tests.billing.samples import CALLS, switch_row
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory, VoiceLineFactory
from tests.factories.cards import CardFactory


def lines(*rows: dict[str, str], width: int = 19) -> bytes:
    """Rows as CSV_QUOTE writes them: everything quoted, quotes doubled."""
    texts = (",".join('"{}"'.format(row.get(name, "").replace('"', '""')) for name in COLUMNS[:width]) for row in rows)
    return "\n".join(texts).encode()


@pytest.fixture
def switch(db):
    return UsageSourceFactory(slug="pbx", role="switch")


@pytest.mark.parametrize("width", [18, 19])
def test_an_extension_that_means_a_card(width, switch, load):
    card = CardFactory()
    UsageAliasFactory(source=switch, alias="SIP/100", card=card)
    rows = [switch_row(call, number) for number, call in enumerate(CALLS)]
    batch = load(lines(*rows, width=width), source=switch)
    assert (batch.format, batch.rows_stored, batch.rows_refused) == ("asterisk_custom", 3, 0)
    stored = UsageRecord.objects.order_by("started_at").values_list("card", "started_at", "direction", "counterpart")
    assert list(stored) == [(card.pk, *call[:3]) for call in samples.STORED]


def test_the_legs_of_a_ring_group_are_one_call(switch, load):
    cards = CardFactory.create_batch(2)
    for extension, card in zip(("101", "102"), cards, strict=True):
        UsageAliasFactory(source=switch, alias=extension, card=card)
    coming = switch_row(CALLS[1], 1)
    legs = [
        coming | {"dstchannel": "SIP/101-2", "dst": "600", "billsec": "0", "disposition": "NO ANSWER", "answer": ""},
        coming | {"dstchannel": "SIP/102-3", "dst": "600", "sequence": "2"},
    ]
    batch = load(lines(*legs), source=switch)
    assert (batch.rows_stored, batch.rows_skipped) == (1, 1)
    assert UsageRecord.objects.get().card_id == cards[1].pk


def test_a_trunk_is_a_voice_line(switch, load):
    """X2: An alias maps a trunk only to a carrier's own voice line."""
    UsageAliasFactory(source=switch, alias="out", line=VoiceLineFactory())
    batch = load(lines(switch_row(CALLS[0], 0)), source=switch)
    assert (batch.rows_stored, UsageRecord.objects.count()) == (1, 0)


def test_a_row_that_cannot_be_read_says_where_and_why(switch, load):
    UsageAliasFactory(source=switch, alias="100", card=CardFactory())
    rows = [switch_row(call, number) for number, call in enumerate(CALLS)]
    batch = load(
        lines(rows[0], rows[1] | {"billsec": "x"}, rows[2] | {"channel": "SIP/7-1", "src": "7"}), source=switch
    )
    refused = batch.rejects.order_by("line").values_list("line", "column", "value", "code")
    assert list(refused) == [
        (2, "billsec", "x", "duration_unreadable"),
        (3, "channel", "SIP/7", "unknown_extension"),
    ]

"""FreeSWITCH's cdr_csv: both templates, as it writes them and as a spreadsheet saves them again (formats.md 4.4)."""

import re

import pytest

from billing.importers.freeswitch import ASTERISK, EXAMPLE
from billing.models import LineRecord, UsageRecord
from tests.billing.conftest import at
from tests.billing.samples import CALLS, STORED, freeswitch_row
from tests.factories.agents import AgentFactory
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory, VoiceLineFactory, held
from tests.factories.cards import CardFactory

TEMPLATES = pytest.mark.parametrize("columns", [EXAMPLE, ASTERISK], ids=["example", "asterisk"])
ROWS = [freeswitch_row(call, number) for number, call in enumerate(CALLS)]


def written(columns, *rows: dict[str, str]) -> str:
    """Rows as FreeSWITCH writes them: everything quoted, the quotes inside left alone."""
    return "".join(",".join(f'"{row.get(name, "")}"' for name in columns) + "\n" for row in rows)


def saved_again(columns, *rows: dict[str, str]) -> str:
    """Rows as a spreadsheet saves them: few quotes, times without seconds and leading zeros, no empty end."""
    lines = []
    for row in rows:
        cells = [_rewritten(row.get(name, "")) for name in columns]
        lines.append(",".join(cells).rstrip(","))
    return "\r\n".join(lines) + "\r\n"


def _rewritten(cell: str) -> str:
    if parts := re.match(r"(\d{4})-0?(\d+)-0?(\d+) 0?(\d+):(\d\d):\d\d$", cell):
        return "{}/{}/{} {}:{}".format(*parts.groups())
    return '"{}"'.format(cell.replace('"', '""')) if '"' in cell else cell


@pytest.fixture
def switch(db):
    return UsageSourceFactory(slug="fs", role="switch")


@pytest.fixture
def card(switch):
    """The card that extension 1000 stands for."""
    card = CardFactory()
    UsageAliasFactory(source=switch, alias="1000", card=card)
    return card


def stored(card) -> list[tuple]:
    calls = UsageRecord.objects.filter(card=card).order_by("started_at")
    return list(calls.values_list("started_at", "direction", "counterpart", "duration_s"))


@TEMPLATES
def test_as_freeswitch_writes_it(columns, card, switch, load):
    batch = load(written(columns, *ROWS), source=switch)
    assert (batch.format, batch.rows_stored, batch.rows_refused) == ("freeswitch", 3, 0)
    assert stored(card) == [call[:4] for call in STORED]


@TEMPLATES
def test_as_a_spreadsheet_saves_it_with_rows_twice(columns, card, switch, load):
    batch = load(saved_again(columns, *ROWS, *ROWS, ROWS[0]), source=switch)
    assert (batch.format, batch.rows_read, batch.rows_stored, batch.rows_refused) == ("freeswitch", 7, 3, 0)
    assert [call[0] for call in stored(card)] == [call[0].replace(second=0) for call in STORED]


@TEMPLATES
@pytest.mark.parametrize("rewrite", [(written, saved_again), (saved_again, written)])
def test_the_original_and_what_a_spreadsheet_made_of_it_are_the_same_calls(columns, rewrite, card, switch, load):
    first, second = rewrite
    assert load(first(columns, *ROWS), source=switch).rows_stored == 3
    batch = load(second(columns, *ROWS), source=switch)
    assert (batch.rows_stored, batch.rows_duplicate) == (0, 3)
    assert UsageRecord.objects.count() == 3


@TEMPLATES
def test_under_a_header_in_any_order(columns, card, switch, load):
    header = {name: name for name in columns}
    batch = load(written(columns[::-1], header, *ROWS), source=switch)
    assert (batch.format, batch.rows_stored, batch.header) == ("freeswitch", 3, list(columns[::-1]))


def test_a_number_in_scientific_notation_is_refused(card, switch, load):
    rows = [ROWS[0], ROWS[1] | {"caller_id_number": "8.61E+12"}, ROWS[2] | {"destination_number": "1.39E+10"}]
    batch = load(saved_again(EXAMPLE, *rows), source=switch)
    refused = batch.rejects.order_by("line").values_list("line", "value", "code")
    assert batch.rows_stored == 1
    assert list(refused) == [(2, "8.61E+12", "mangled_by_spreadsheet"), (3, "1.39E+10", "mangled_by_spreadsheet")]
    unknown = ROWS[0] | {"caller_id_number": "1.38E+10", "uuid": ROWS[0]["uuid"].replace("c60a", "d70b")}
    mangled = load(saved_again(EXAMPLE, *ROWS, unknown), source=switch)
    assert [reject.code for reject in mangled.rejects.all()] == ["mangled_by_spreadsheet"]


def test_an_unanswered_call(card, switch, load):
    for answer in ("", "1970-01-01 08:00:00"):
        row = ROWS[0] | {"answer_stamp": answer, "billsec": "0", "hangup_cause": "NO_ANSWER", "write_codec": ""}
        load(written(EXAMPLE, row | {"uuid": row["uuid"][:-1] + str(len(answer) % 9)}), source=switch)
    assert set(UsageRecord.objects.values_list("duration_s", "answered")) == {(0, False)}


def test_both_legs_are_one_call(card, switch, load):
    other = ROWS[0]["uuid"].replace("c60a", "d70b")
    legs = [
        ROWS[0] | {"bleg_uuid": other},
        ROWS[0] | {"uuid": other, "bleg_uuid": ROWS[0]["uuid"], "start_stamp": "2026-10-08 09:15:03"},
    ]
    assert load(written(EXAMPLE, *legs), source=switch).rows_stored == 1


def test_without_an_alias_the_number_on_our_side_tells_whose_call_it_is(switch, load):
    card = CardFactory(msisdn="+8613812345678")
    rows = [ROWS[0] | {"caller_id_number": "13812345678"}, ROWS[1] | {"destination_number": "013812345678"[1:]}]
    load(written(EXAMPLE, *rows), source=switch)
    assert stored(card) == [call[:4] for call in STORED[:2]]


def test_an_account_names_who_called_out(switch, load):
    agent, card = AgentFactory(), CardFactory()
    held(card, agent, at(1, month=10))
    UsageAliasFactory(source=switch, alias="li", agent=agent, valid_from=at(1, month=9))
    load(written(EXAMPLE, ROWS[0] | {"caller_id_number": "02188888888", "accountcode": "li"}), source=switch)
    assert stored(card) == [STORED[0][:4]]


def test_a_call_between_extensions_is_none_of_a_card(card, switch, load):
    UsageAliasFactory(source=switch, alias="1001", card=CardFactory())
    batch = load(written(EXAMPLE, ROWS[0] | {"destination_number": "1001"}), source=switch)
    assert (batch.rows_stored, batch.rows_skipped) == (0, 1)


def test_a_gateway_is_a_voice_line_and_never_a_card(card, switch, load):
    """X2: An alias maps a trunk only to a carrier's own voice line."""
    UsageAliasFactory(source=switch, alias="unicom", line=VoiceLineFactory())
    UsageAliasFactory(source=switch, alias="sofia/external", line=VoiceLineFactory())
    assert load(written(ASTERISK, *ROWS), source=switch).rows_stored == 3
    assert (UsageRecord.objects.count(), LineRecord.objects.count()) == (0, 3)


def test_a_name_nobody_explained_is_refused(switch, load):
    refused = load(written(EXAMPLE, *ROWS), source=switch).rejects.order_by("line")
    assert {(reject.value, reject.code) for reject in refused} == {("1000", "unknown_extension")}
    assert refused[0].column == "caller_id_number"

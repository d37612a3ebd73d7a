"""Files in Traditional Chinese, Taiwan's words or Hong Kong's, are read as those of the mainland."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.conf import settings
from opencc import OpenCC

from agents.choices import AbsenceKind, AgentStatus
from agents.importers import agents, callees
from billing.importers import generic, readings
from billing.rules.durations import read_duration
from billing.rules.numbers import read_direction
from cardfleet.kernel.simplified import simplified
from cardfleet.kernel.tabular import find_header, open_table
from cardfleet.kernel.traditional import convert_of
from cards.choices import RealNameState, ServiceState, StopReason
from cards.importers import cards, words
from lifecycle.importers import devices, recipients

READERS = {reader.__name__: reader for reader in (agents, callees, generic, readings, cards, devices, recipients)}


def converters() -> Iterator:
    yield convert_of(settings.BASE_DIR / "locale")
    yield from (OpenCC(name).convert for name in ("s2t", "s2twp", "s2hk"))


@pytest.mark.parametrize("reader", READERS)
def test_each_column_is_known_under_its_traditional_names(reader):
    """Whatever our own catalogue, Taiwan and Hong Kong write."""
    aliases = READERS[reader].ALIASES
    for convert in converters():
        for field, names in aliases.items():
            for name in names:
                header = find_header(iter([(1, [convert(name)])]), aliases, [field])
                assert header.columns == {field: 0}, convert(name)


def test_the_words_in_the_cells_are_known_too():
    assert words.read_state("強制停機").state == ServiceState.FORCED_STOP
    assert words.read_state("停機（欠費）").reason == StopReason.ARREARS
    assert words.read_state("待啟用").state == ServiceState.PENDING
    assert words.read_real_name("已實名") == RealNameState.VALID
    assert (read_direction("國內主叫"), read_direction("來電")) == ("out", "in")
    assert read_duration("1小時3分12秒") == 3792


def test_a_traditional_file_of_agents_is_read():
    titles = "工號,姓名,部門/班組,手機,入職日期,狀態,請假開始,請假類型"
    text = f"{titles}\nA1,張曉雯,總部/一組,13812345678,2026-01-05,離職,2026-02-01,病假\n"
    sheet = agents.read_agents(open_table(BytesIO(text.encode()), "坐席.csv"))
    (line,) = sheet.lines
    assert not line.reasons
    assert (line.row.name, line.row.team) == ("張曉雯", ("總部", "一組"))
    assert (line.row.status, line.row.absence_kind) == (AgentStatus.LEFT, AbsenceKind.SICK)


def test_a_traditional_file_in_big5_is_read():
    text = "手機號碼,名單類型,日期,來源\n13812345678,謝絕來電,2026-11-02,來電說明\n"
    header, rows = callees.open_sheet(open_table(BytesIO(text.encode("big5")), "名單.csv"))
    line = callees.read_line(header, *next(iter(rows)), now=datetime(2026, 11, 20, tzinfo=UTC))
    assert (line.reasons, line.entry.source) == ([], "來電說明")


def test_what_is_simplified_stays():
    assert simplified("后台里的干净账户 ABC") == "后台里的干净账户 ABC"

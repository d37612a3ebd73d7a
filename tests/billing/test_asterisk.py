"""Asterisk's Master.csv, and what the names in it mean (formats.md 4.4)."""

import pytest

from billing.models import LineRecord, UsageRecord, UsageReject
from tests.billing.conftest import at
from tests.factories.agents import AgentFactory
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory, VoiceLineFactory, held
from tests.factories.cards import CardFactory


def leg(
    channel: str, dstchannel: str, *, src="100", dst="13900000001", billsec=30, start="2026-11-19 09:00:00",
    uniqueid="1.1", linkedid="1.1", width=21,
) -> str:  # fmt: skip
    """One line as cdr_csv writes it."""
    answered = billsec > 0
    cells = [
        '""', f'"{src}"', f'"{dst}"', '"from-internal"', f'"""Li"" <{src}>"', f'"{channel}"', f'"{dstchannel}"',
        '"Dial"', '"x"', f'"{start}"', f'"{start}"' if answered else "", f'"{start}"', str(billsec + 9), str(billsec),
        '"ANSWERED"' if answered else '"NO ANSWER"', '"DOCUMENTATION"', f'"{uniqueid}"', '""', '""', f'"{linkedid}"',
        "7",
    ]  # fmt: skip
    return ",".join(cells[:width])


@pytest.fixture
def switch(db):
    return UsageSourceFactory(slug="pbx", role="switch")


def test_an_extension_that_means_a_card(switch, load):
    card = CardFactory()
    UsageAliasFactory(source=switch, alias="100", card=card)
    batch = load(leg("SIP/100-0000002a", "SIP/out-0000002b") + "\n", source=switch)
    assert (batch.format, batch.rows_stored) == ("asterisk", 1)
    record = UsageRecord.objects.get()
    assert (record.card_id, record.started_at, record.direction) == (card.pk, at(19), "out")
    assert (record.counterpart, record.duration_s, record.answered, record.fee) == ("+8613900000001", 30, True, None)


@pytest.mark.parametrize("width", range(16, 22))
def test_every_width(width, switch, load):
    UsageAliasFactory(source=switch, alias="SIP/100", card=CardFactory())
    batch = load(leg("SIP/100-2a", "SIP/out-2b", width=width), source=switch)
    assert (batch.rows_stored, batch.rows_refused) == (1, 0)


def test_a_ring_group_is_one_call_of_who_answered(switch, load):
    cards = CardFactory.create_batch(3)
    for extension, card in zip(("101", "102", "103"), cards, strict=True):
        UsageAliasFactory(source=switch, alias=extension, card=card)
    legs = [
        leg(
            "SIP/in-1",
            f"SIP/{extension}-2",
            src="13900000009",
            dst="600",
            billsec=seconds,
            uniqueid=f"1.{extension}",
        )
        for extension, seconds in (("101", 0), ("102", 12), ("103", 0))
    ]
    batch = load("\n".join(legs), source=switch)
    assert (batch.rows_read, batch.rows_stored, batch.rows_skipped) == (3, 1, 2)
    record = UsageRecord.objects.get()
    assert (record.card_id, record.direction, record.counterpart) == (cards[1].pk, "in", "+8613900000009")
    assert load("\n".join(reversed(legs)), source=switch).rows_stored == 0


def test_an_agent_s_extension_means_the_card_in_the_agent_s_hands(switch, load):
    agent, (first, second) = AgentFactory(), CardFactory.create_batch(2)
    UsageAliasFactory(source=switch, alias="100", agent=agent, valid_from=at(1, month=10))
    held(first, agent, at(1), at(10))
    held(second, agent, at(8))
    calls = {5: first, 9: "ambiguous_card", 12: second, 31: "agent_without_card"}
    rows = [
        leg("SIP/100-1", "SIP/out-2", start=f"2026-{10 if day == 31 else 11}-{day:02} 09:30:00", linkedid=f"{day}")
        for day in calls
    ]
    load("\n".join(rows), source=switch)
    stored = dict(UsageRecord.objects.values_list("started_at__day", "card_id"))
    assert stored == {5: first.pk, 12: second.pk}
    refused = UsageReject.objects.order_by("line").values_list("line", "code", "value")
    assert list(refused) == [(2, "ambiguous_card", "SIP/100"), (4, "agent_without_card", "SIP/100")]


def test_a_trunk_is_a_voice_line_and_never_a_card(switch, load):
    """X2: An alias maps a trunk only to a carrier's own voice line."""
    agent, card, line = AgentFactory(), CardFactory(), VoiceLineFactory()
    held(card, agent, at(1))
    UsageAliasFactory(source=switch, alias="100", agent=agent)
    UsageAliasFactory(source=switch, alias="unicom", line=line)
    rows = [
        leg("SIP/100-1", "SIP/unicom-2", linkedid="1"),
        leg("SIP/unicom-3", "SIP/999-4", src="13900000009", dst="600", linkedid="2"),
    ]
    batch = load("\n".join(rows), source=switch)
    assert (batch.rows_stored, batch.rows_refused) == (2, 0)
    assert not UsageRecord.objects.exists()
    stored = LineRecord.objects.order_by("id").values_list("line_id", "agent_id", "direction", "counterpart")
    assert set(stored) == {(line.pk, agent.pk, "out", "+8613900000001"), (line.pk, None, "in", "+8613900000009")}
    assert load("\n".join(rows), source=switch).rows_duplicate == 2


def test_calls_between_extensions_are_no_calls_of_a_card(switch, load):
    UsageAliasFactory(source=switch, alias="100", card=CardFactory())
    UsageAliasFactory(source=switch, alias="101", card=CardFactory())
    batch = load(leg("SIP/100-1", "SIP/101-2"), source=switch)
    assert (batch.rows_stored, batch.rows_skipped, batch.rows_refused) == (0, 1, 0)


def test_a_name_nobody_explained_is_refused_until_it_is(switch, load):
    batch = load(leg("SIP/777-1", "SIP/out-2"), source=switch)
    reject = batch.rejects.get()
    assert (reject.column, reject.value, reject.code) == ("channel", "SIP/777", "unknown_extension")
    UsageAliasFactory(source=switch, alias="777", card=CardFactory(), valid_from=at(20))
    assert load(leg("SIP/777-1", "SIP/out-2"), source=switch).rejects.get().code == "unknown_card"

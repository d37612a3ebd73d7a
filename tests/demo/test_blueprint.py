"""The pure half of the demo: names, numbers, fates, calls, purses."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from stdnum import luhn
from stdnum.cn import uscc

from cardfleet.kernel.clock import SHANGHAI
from cards.rules.identifiers import carrier_hint, normalise_iccid, normalise_msisdn
from lifecycle.demo import names
from lifecycle.demo.blueprint import draw
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.calls import calls_of
from lifecycle.demo.catalogue import REGISTRANTS
from lifecycle.demo.chance import dice
from lifecycle.demo.fates import FATES, Calling
from lifecycle.demo.purse import LOWEST, fill
from lifecycle.demo.timeline import calling_spans, events

MOMENT = datetime(2026, 11, 20, 14, tzinfo=SHANGHAI)
CALENDAR = Calendar(on=MOMENT.date(), moment=MOMENT, days=90)


@pytest.fixture(scope="module")
def blueprint():
    return draw(cards=500, agents=60, days=90, seed=7)


def test_the_same_seed_draws_the_same_fleet_and_another_seed_another(blueprint):
    assert draw(cards=500, agents=60, days=90, seed=7) == blueprint
    assert draw(cards=500, agents=60, days=90, seed=8) != blueprint


@pytest.mark.parametrize("cards", [1, 10, 500])
def test_a_fleet_has_as_many_cards_and_agents_as_asked(cards):
    drawn = draw(cards=cards, agents=7, days=30, seed=1)
    assert (len(drawn.cards), len(drawn.agents)) == (cards, 7)


def test_every_fate_befalls_some_card_and_most_stay_calm(blueprint):
    told = Counter(card.fate.code for card in blueprint.cards)
    assert set(told) == {fate.code for fate in FATES}
    assert told["calm"] > 250


def test_numbers_are_well_formed_and_nobodys(blueprint):
    numbers = {card.msisdn for card in blueprint.cards}
    assert len(numbers) == len({card.iccid for card in blueprint.cards}) == 500
    for card in blueprint.cards:
        assert normalise_msisdn(card.msisdn) == card.msisdn
        assert carrier_hint(msisdn=card.msisdn) is None
        assert normalise_iccid(card.iccid).warnings == ()
        assert luhn.is_valid(card.iccid)
    assert all(uscc.is_valid(holder.code) for holder in REGISTRANTS.values())


def test_names_are_all_different_even_past_those_there_are():
    called = names.names(8000, dice("names"))
    assert len(set(called)) == 8000
    assert not names.TAKEN & set(called)


def test_the_demo_agent_holds_cards_and_has_one_to_accept(blueprint):
    held = [card.fate.code for card in blueprint.cards if card.agent is blueprint.agents[0]]
    assert sorted(held) == ["awaiting", "busy", "calm"]


def test_what_happens_comes_in_order_and_never_later_than_now(blueprint):
    moments = [event.at for event in events(blueprint, CALENDAR)]
    assert moments
    assert max(moments) <= MOMENT
    assert [moment.date() for moment in moments] == sorted(moment.date() for moment in moments)


def test_calls_keep_hours_and_gaps_and_the_times_a_card_could_call(blueprint):
    begins = dict.fromkeys(Calling, 0)
    for card in blueprint.cards[::9]:
        calls = list(calls_of(card, CALENDAR, 7))
        begins[card.fate.calling] += len(calls)
        spans = calling_spans(card, CALENDAR)
        ends = datetime.min.replace(tzinfo=SHANGHAI)
        for day, second, _outgoing, counterpart, seconds in calls:
            started = datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI) + timedelta(seconds=second)
            assert started.hour in {9, 10, 11, 14, 15, 16, 17, 18, 19}
            assert started > ends
            assert any(begin <= started < end for begin, end in spans)
            assert counterpart.startswith("+86160")
            assert 0 <= seconds <= 900
            ends = started + timedelta(seconds=seconds)
    assert begins[Calling.CALM] > 10_000
    assert begins[Calling.NONE] == 0


@pytest.mark.parametrize("left", [Decimal("-60.00"), Decimal("5.50"), Decimal("120.00")])
def test_a_purse_leaves_what_it_should_and_is_filled_before_it_is_empty(left):
    first, last = date(2026, 8, 22), date(2026, 11, 20)
    spent = {first + timedelta(days=10 * number): Decimal("59.30") for number in range(9)}

    purse = fill(spent=spent, left=left, first=first, last=last, forgotten=False)

    assert purse.opening + sum(purse.income().values()) - sum(spent.values()) == left
    balance, income = purse.opening, purse.income()
    for ago in range(90, 0, -1):
        day = last - timedelta(days=ago)
        balance += income.get(day, Decimal(0)) - spent.get(day, Decimal(0))
        assert balance >= min(LOWEST, left)
    assert fill(spent=spent, left=left, first=first, last=last, forgotten=True).top_ups == ()

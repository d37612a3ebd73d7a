"""Rollups, charges and what they post, in the transaction of the import (design, section 5)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.choices import SourceRole
from billing.models import Account, LedgerEntry, UsageAttribution, UsageCharge, UsageDaily, UsageRecord
from tests.billing.conftest import HEADER, at, generic
from tests.factories.agents import AgentFactory
from tests.factories.billing import UsageSourceFactory, held
from tests.factories.cards import CardFactory


def call(moment, to="13900000001", seconds=30, fee="0.15", direction="out", own="13812345678") -> str:
    return f"{own},{moment:%Y-%m-%d %H:%M:%S},{direction},{to},{seconds},{fee}"


def test_the_facts_of_a_day(card, load):
    """Every count a rule reads, by hand for one day."""
    calls = [
        call(at(19, 9), "13900000001", 0, "0.00"),
        call(at(19, 9, 5), "13900000001", 9),
        call(at(19, 9, 59, 59), "13900000001", 10),
        call(at(19, 10), "13900000002", 70, "0.30"),
        call(at(19, 10, 4, 59), "13900000003", 5),
        call(at(19, 10, 5), "未知", 5),
        call(at(19, 23, 59, 59), "13900000004", 600, "1.50"),
        call(at(19, 12), "13900000009", 45, "0.00", "in"),
        call(at(20, 0, 0, 0), "13900000001", 5),
    ]
    load(generic(*calls))
    day = UsageDaily.objects.get(day=date(2026, 11, 19))
    assert (day.calls, day.answered, day.incoming, day.seconds) == (7, 6, 1, 699)
    assert (day.distinct_callees, day.most_to_one, day.outside_window) == (4, 3, 1)
    assert (day.under_5, day.under_10, day.under_15, day.under_30) == (0, 3, 4, 4)
    assert (day.most_in_60, day.most_in_10) == (4, 4)
    assert day.hours == [3 if hour == 9 else 3 if hour == 10 else 1 if hour == 23 else 0 for hour in range(24)]
    assert (day.cost, day.last_at) == (Decimal("2.40"), at(19, 23, 59, 59))
    assert UsageDaily.objects.get(day=date(2026, 11, 20)).calls == 1


def test_charges_follow_the_holder_and_reach_the_ledger(card, load):
    """R13: fees per agent; the ledger has their sum a card and month."""
    agent = AgentFactory()
    held(card, agent, at(10))
    load(generic(call(at(9), fee="0.10"), call(at(10), fee="0.20"), call(at(31, month=10), fee="0.40")))
    charges = UsageCharge.objects.order_by("day").values_list("day", "agent_id", "team_id", "amount")
    assert list(charges) == [
        (date(2026, 10, 31), None, None, Decimal("0.40")),
        (date(2026, 11, 9), None, None, Decimal("0.10")),
        (date(2026, 11, 10), agent.pk, agent.user.team_id, Decimal("0.20")),
    ]
    entries = LedgerEntry.objects.order_by("month").values_list("kind", "card_id", "month", "amount")
    assert list(entries) == [
        ("usage", card.pk, date(2026, 10, 1), Decimal("-0.40")),
        ("usage", card.pk, date(2026, 11, 1), Decimal("-0.30")),
    ]
    assert Account.objects.get().balance == Decimal("-0.70")


def test_a_late_file_posts_only_the_difference(card, load):
    load(generic(call(at(9), fee="0.10")))
    load(generic(call(at(9), fee="0.10"), call(at(9, 10), fee="0.25")))
    assert list(LedgerEntry.objects.order_by("id").values_list("amount", flat=True)) == [
        Decimal("-0.10"),
        Decimal("-0.25"),
    ]


def test_the_carrier_s_charges_count_where_it_lists_the_day(card, load):
    """One call seen by two sources is charged once: by the carrier where present, else by own rating."""
    switch = UsageSourceFactory(slug="pbx", role=SourceRole.SWITCH)
    load(generic(call(at(9), fee="9.99", seconds=61), call(at(10), fee="9.99", seconds=61)), source=switch)
    assert Account.objects.get().balance == Decimal("-0.60")
    load(generic(call(at(9), fee="0.10", seconds=60)))
    assert Account.objects.get().balance == Decimal("-0.40")
    counted = UsageCharge.objects.filter(counts=True).order_by("day").values_list("day", "role", "amount")
    assert list(counted) == [
        (date(2026, 11, 9), "carrier", Decimal("0.10")),
        (date(2026, 11, 10), "switch", Decimal("0.30")),
    ]
    assert UsageDaily.objects.count() == 3


def test_a_late_attribution_outranks_the_stamp(card, load, now):
    """Invariant 6."""
    agent = AgentFactory()
    UsageAttribution.objects.create(
        card=card, agent=agent, team=agent.user.team, starts_at=at(9, 9, 30), ends_at=at(9, 11), reason="late",
        created_at=now,
    )  # fmt: skip
    load(generic(call(at(9), fee="0.10"), call(at(9, 9, 30), fee="0.20"), call(at(9, 11), fee="0.40")))
    charged = dict(UsageCharge.objects.values_list("agent_id", "amount"))
    assert charged == {None: Decimal("0.50"), agent.pk: Decimal("0.20")}


ROW = st.tuples(
    st.integers(0, 3),
    st.integers(0, 2 * 86_400),
    st.sampled_from(["out", "in"]),
    st.sampled_from(["13900000001", "13900000002", "10086", "未知"]),
    st.integers(0, 90),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(ROW, min_size=1, max_size=25),
    cuts=st.lists(st.integers(0, 25), max_size=3),
    order=st.randoms(use_true_random=False),
)
def test_any_order_split_and_repetition_store_the_same(rows, cuts, order, db, load):
    """Invariant 6: the stored set and the rollups do not depend on how the calls arrive.

    The same call has the same fee everywhere: of two that contradict each other the first that comes is kept.
    """
    numbers = [f"1380000{n:04}" for n in range(4)]
    texts = [
        f"{numbers[card]},{at(18, 12) + timedelta(seconds=second):%Y-%m-%d %H:%M:%S},{way},{to},{length},{length / 100}"
        for card, second, way, to, length in rows
    ]
    mixed = texts * 2
    order.shuffle(mixed)
    bounds = sorted({0, len(mixed), *[cut for cut in cuts if cut < len(mixed)]})
    pieces = [mixed[start:end] for start, end in pairwise(bounds)]
    assert stored_from([texts], numbers, load) == stored_from(pieces, numbers, load)


def stored_from(pieces, numbers, load) -> tuple:
    """Import the pieces into an empty fleet, and leave it empty."""
    with transaction.atomic():
        cards = [CardFactory(msisdn=f"+86{number}") for number in numbers]
        for piece in pieces:
            load("\n".join([HEADER, *piece]))
        stored = snapshot([card.pk for card in cards])
        transaction.set_rollback(True)
    return stored


def snapshot(cards: list[int]) -> tuple:
    """Everything stored, with cards by their place."""
    place = {card: index for index, card in enumerate(cards)}
    records = UsageRecord.objects.values_list("card_id", "started_at", "uid", "duration_s", "fee")
    columns = [field.attname for field in UsageDaily._meta.concrete_fields if field.attname != "card_id"]
    daily = UsageDaily.objects.values_list("card_id", *columns)
    charges = UsageCharge.objects.filter(counts=True).values_list("card_id", "day", "amount")
    balances = Account.objects.order_by("members__card").values_list("members__card", "balance")
    return tuple(sorted((place[card], *rest) for card, *rest in rows) for rows in (records, daily, charges, balances))


@pytest.mark.usefixtures("card")
def test_withheld_numbers_are_one_callee_of_nobody(load):
    load(generic(call(at(9), "未知"), call(at(9, 10), "未知")))
    day = UsageDaily.objects.get()
    assert (day.calls, day.distinct_callees, day.most_to_one) == (2, 0, 0)

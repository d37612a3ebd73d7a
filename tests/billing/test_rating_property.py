"""The rating against a second one, slow and written apart: equal to the fen on random months (R27, R81)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.prices import Price
from billing.rules.proration import Life, StateSpan
from billing.rules.rating import Call, Term, Use, rate_month
from tests.billing.rating_months import FIRST, money, some_month
from tests.billing.reference_rating import CHINA, GONE, SlowMonth, rate

END = date(2026, 11, 1)
TICK = timedelta(microseconds=1)


def price(told: dict[str, Any]) -> Price:
    """The price as the rules know it."""
    amounts = ("monthly_fee", "minimum_spend", "minute_price", "incoming_price", "sms_price", "data_price_mb")
    known = {name: value for name, value in told.items() if name not in {"from", "to", *amounts}}
    known["voluntary_stop_fee"] = None if told["voluntary_stop_fee"] is None else Decimal(told["voluntary_stop_fee"])
    return Price(
        effective_from=told["from"],
        effective_to=told["to"],
        **{name: Decimal(told[name]) for name in amounts},
        **known,
    )


def terms(month: SlowMonth) -> Iterator[Term]:
    """The plans by their days of the month."""
    for number, (starts, prices) in enumerate(month.plans):
        begins = FIRST if number == 0 else max(starts, FIRST)
        ends = month.plans[number + 1][0] if number + 1 < len(month.plans) else END
        if begins < ends and prices is not None:
            yield Term(begins, ends, tuple(map(price, prices)))


def life(month: SlowMonth) -> Life:
    """The states by days."""
    spans, ended = [], None
    for number, (at, state) in enumerate(month.states):
        until = month.states[number + 1][0] if number + 1 < len(month.states) else None
        ends = END if until is None else (until - TICK).astimezone(CHINA).date() + timedelta(days=1)
        spans.append(StateSpan(state=state, starts=max(at.astimezone(CHINA).date(), FIRST), ends=ends))
        if state in GONE and ended is None:
            ended = (at - TICK).astimezone(CHINA).date() + timedelta(days=1)
    return Life(spans=tuple(spans), activated_on=month.activated, ended_from=ended)


def calls(month: SlowMonth) -> list[Call]:
    """The calls, in an order of their own."""
    return [
        Call(
            started_at=call.at,
            uid=UUID(int=call.order),
            direction="out" if call.out else "in",
            duration_s=call.seconds,
            carrier_fee=money(call.fee),
        )
        for call in reversed(month.calls)
    ]


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0))
def test_rules_and_reference_agree_to_the_fen(seed: int) -> None:
    """R27: on plans, prices, states and calls drawn at random, each call's amount and each kind's sum are the same."""
    chance = Random(seed)
    for _ in range(10):
        month = some_month(chance)
        slow = rate(month)
        use = Use(
            sms=month.sms,
            data_mb=money(month.data) or Decimal(0),
            sms_fee=money(month.sms_fee),
            data_fee=money(month.data_fee),
        )
        quick = rate_month(list(terms(month)), life(month), calls(month), use)
        found = {"fee": quick.fee, "calls": quick.calls, "sms": quick.sms, "data": quick.data, "minimum": quick.minimum}
        assert found == {name: money(getattr(slow, name)) for name in found}

"""Rating worked by hand, feature by feature (R5, R27, R48, R81, R94)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from billing.rules.prices import Price, billed_seconds, price_of_term, price_on
from billing.rules.proration import Life, StateSpan
from billing.rules.rating import Call, Term, Use, month_terms, rate_calls, rate_month
from cardfleet.kernel.clock import SHANGHAI

NOV, DEC = date(2026, 11, 1), date(2026, 12, 1)
YUAN = Decimal("0.01")
PLAN = Price(
    effective_from=date(2026, 1, 1),
    monthly_fee=Decimal(30),
    included_minutes=100,
    included_sms=60,
    included_data_mb=1024,
    minute_price=Decimal("0.15"),
    sms_price=Decimal("0.1"),
    data_price_mb=Decimal("0.29"),
)
OTHER = replace(PLAN, monthly_fee=Decimal(60), included_minutes=300)


def term(price: Price, starts: date = NOV, ends: date = DEC) -> Term:
    return Term(starts, ends, (price,))


def life(*spans: tuple[str, int, int], activated: int | None = None, ended: int | None = None) -> Life:
    """A November of states on days [from, to], else in service."""
    told = spans or (("active", 1, 30),)
    return Life(
        spans=tuple(
            StateSpan(state=state, starts=NOV.replace(day=first), ends=NOV.replace(day=last) + timedelta(days=1))
            for state, first, last in told
        ),
        activated_on=activated and NOV.replace(day=activated),
        ended_from=ended and NOV.replace(day=ended),
    )


def call(day: int, seconds: int, direction: str = "out", hour: int = 9, fee: str | None = None) -> Call:
    at = datetime(2026, 11, day, hour, tzinfo=SHANGHAI)
    carrier_fee = None if fee is None else Decimal(fee)
    return Call(started_at=at, direction=direction, duration_s=seconds, carrier_fee=carrier_fee)


@pytest.mark.parametrize(
    ("step", "least", "seconds", "billed"),
    [
        *[(60, 0, 0, 0), (60, 0, 1, 60), (60, 0, 60, 60), (60, 0, 61, 120)],
        *[(6, 0, 1, 6), (6, 0, 13, 18), (1, 0, 13, 13)],
        *[(6, 60, 7, 60), (6, 60, 61, 66), (6, 60, 0, 0)],
    ],
)
def test_a_call_is_charged_in_steps_and_at_least_the_least(step: int, least: int, seconds: int, billed: int) -> None:
    assert billed_seconds(replace(PLAN, rounding_s=step, least_s=least), seconds) == billed


@pytest.mark.parametrize(
    ("price", "direction", "seconds", "amount"),
    [
        (PLAN, "out", 61, "0.30"),
        (PLAN, "out", 0, "0.00"),
        (PLAN, "in", 600, "0.00"),
        (replace(PLAN, incoming_price=Decimal("0.02")), "in", 61, "0.04"),
        (replace(PLAN, minute_price=Decimal("0.125")), "out", 60, "0.13"),
        (replace(PLAN, minute_price=Decimal("0.1"), rounding_s=6), "out", 13, "0.03"),
    ],
)
def test_a_call_beyond_the_bundle(price: Price, direction: str, seconds: int, amount: str) -> None:
    """R27: usage is charged to the card, half up to the fen; a call nobody answered costs nothing."""
    (rated,) = rate_calls(term(price), 0, [call(3, seconds, direction)])
    assert str(rated.amount) == amount


def test_the_bundle_goes_to_calls_in_the_order_of_their_start() -> None:
    """The third call has 2 minutes left of 10 and pays for 3; incoming and carrier's calls pay nothing of ours."""
    calls = [
        call(5, 281),
        call(1, 240),
        call(2, 200),
        call(3, 600, "in"),
        call(6, 60),
        call(7, 60, fee="0.40"),
    ]
    rated = rate_calls(term(PLAN), 10, calls)
    assert [(one.call.started_at.day, one.left_s, one.beyond_s, str(one.amount)) for one in rated] == [
        (1, 600, 0, "0.00"),
        (2, 360, 0, "0.00"),
        (3, 120, 600, "0.00"),
        (5, 120, 180, "0.45"),
        (6, 0, 60, "0.15"),
        (7, 0, 60, "0.00"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "stopped", "told", "fee", "minutes"),
    [
        # Of 30 days: whole, from the 11th (20 days), waived, until the 20th, stopped 11th to 20th.
        ("whole", "whole", "whole", life(activated=11), "30.00", 100),
        ("days", "whole", "whole", life(activated=11), "20.00", 67),
        ("none", "whole", "whole", life(activated=11), "0.00", 67),
        ("days", "whole", "whole", life(activated=1), "30.00", 100),
        ("whole", "whole", "whole", life(("active", 1, 20), ("cancelled", 20, 30), ended=21), "30.00", 100),
        ("whole", "days", "whole", life(("active", 1, 20), ("cancelled", 20, 30), ended=21), "20.00", 67),
        ("whole", "whole", "whole", life(("active", 1, 10), ("full_stop", 10, 30)), "30.00", 100),
        ("whole", "whole", "days", life(("active", 1, 10), ("full_stop", 10, 20), ("active", 21, 30)), "20.00", 67),
        ("whole", "whole", "days", life(("half_stop", 1, 30)), "30.00", 100),
        ("whole", "whole", "whole", life(("full_stop", 1, 30)), "0.00", 0),
        ("days", "whole", "days", life(("active", 1, 20), ("full_stop", 20, 30), activated=11), "10.00", 34),
        ("whole", "whole", "whole", life(("pending", 1, 30)), "0.00", 0),
    ],
)
def test_a_part_of_a_month(first: str, last: str, stopped: str, told: Life, fee: str, minutes: int) -> None:
    """R94: start, end and stop, whole, by days or not at all; what is included goes with the days, rounded up."""
    price = replace(PLAN, first_month=first, last_month=last, stopped=stopped)
    due = month_terms([term(price)], told)
    assert (str(due.fee), due.minutes) == (fee, (minutes,))


@pytest.mark.parametrize(
    ("stopped", "kept", "told", "fee"),
    [
        ("whole", Decimal(0), life(("voluntary_stop", 1, 30)), "0.00"),
        ("whole", Decimal(5), life(("voluntary_stop", 1, 30)), "5.00"),
        ("whole", None, life(("voluntary_stop", 1, 30)), "30.00"),
        ("whole", Decimal(5), life(("active", 1, 10), ("voluntary_stop", 10, 30)), "30.00"),
        ("days", Decimal(5), life(("active", 1, 15), ("voluntary_stop", 15, 30)), "17.50"),
        ("days", None, life(("active", 1, 15), ("voluntary_stop", 15, 30)), "30.00"),
    ],
)
def test_free_while_voluntarily_stopped(stopped: str, kept: Decimal | None, told: Life, fee: str) -> None:
    """The contract says whether a voluntary stop is free, costs a fee of its own, or changes nothing."""
    price = replace(PLAN, stopped=stopped, voluntary_stop_fee=kept)
    assert str(month_terms([term(price)], told).fee) == fee


def test_a_plan_changed_in_the_month_gives_each_its_days() -> None:
    """Ten days at 30 and twenty at 60 yuan: 10 and 40; 34 of 100 and 200 of 300 minutes, each for its own calls."""
    terms = [term(PLAN, NOV, NOV.replace(day=11)), term(OTHER, NOV.replace(day=11), DEC)]
    calls = [call(10, 35 * 60), call(11, 201 * 60)]
    rated = rate_month(terms, life(), calls, Use())
    assert (str(rated.fee), month_terms(terms, life()).minutes) == ("50.00", (34, 200))
    assert [one.beyond_s for one in rated.rated] == [60, 60]
    assert str(rated.calls) == "0.30"
    whole = [term(replace(PLAN, changed="none"), NOV, NOV.replace(day=11)), replace_prices(terms[1], changed="whole")]
    assert str(month_terms(whole, life()).fee) == "60.00"


def replace_prices(one: Term, **changes: str) -> Term:
    return Term(one.starts, one.ends, tuple(replace(price, **changes) for price in one.prices))


def test_a_price_changed_in_the_month_holds_for_calls_at_once_and_for_the_fee_from_the_next() -> None:
    new = replace(PLAN, effective_from=NOV.replace(day=16), monthly_fee=Decimal(99), minute_price=Decimal("0.20"))
    old = replace(PLAN, effective_to=NOV.replace(day=16), included_minutes=1)
    both = Term(NOV, DEC, (new, old))
    rated = rate_month([both], life(), [call(15, 120), call(16, 60)], Use())
    assert [str(one.amount) for one in rated.rated] == ["0.15", "0.20"]
    assert str(rated.fee) == "30.00"
    assert (price_on(both.prices, NOV), price_of_term((new,), NOV, DEC)) == (old, new)
    assert price_of_term((replace(new, effective_from=DEC),), NOV, DEC) is None


@pytest.mark.parametrize(
    ("use", "sms", "data"),
    [
        (Use(sms=60, data_mb=Decimal(1024)), "0.00", "0.00"),
        (Use(sms=75, data_mb=Decimal("1025.5")), "1.50", "0.44"),
        (Use(sms=75, sms_fee=Decimal("1.20"), data_mb=Decimal(9000), data_fee=Decimal(5)), "1.20", "5"),
    ],
)
def test_messages_and_data_beyond_the_bundle(use: Use, sms: str, data: str) -> None:
    """What the carrier charged itself stays the carrier's."""
    rated = rate_month([term(PLAN)], life(), [], use)
    assert (str(rated.sms), str(rated.data)) == (sms, data)


@pytest.mark.parametrize(
    ("told", "is_over", "fee", "top"),
    [
        (life(), True, "5.00", "3.25"),
        (life(), False, "5.00", "0.00"),
        (life(activated=16), True, "2.50", "1.25"),
        (life(("full_stop", 1, 30)), True, "0.00", "0.00"),
    ],
)
def test_minimum_spend(told: Life, is_over: bool, fee: str, top: str) -> None:
    """The month is topped up to its minimum when it is over, by the same days as the fee: 9 less 5, 0.60 and 0.15."""
    price = replace(PLAN, monthly_fee=Decimal(5), minimum_spend=Decimal(9), included_minutes=0, first_month="days")
    calls = [call(20, 60), call(21, 60, fee="0.60")]
    rated = rate_month([term(price)], told, calls, Use(), is_over=is_over)
    assert (str(rated.fee), str(rated.minimum)) == (fee, top)


def test_a_card_without_a_plan_or_price_costs_what_its_carrier_says() -> None:
    assert rate_month([], life(), [call(1, 60)], Use(sms=3)).calls == 0
    rated = rate_month([Term(NOV, DEC, ())], life(), [call(1, 60)], Use(sms=3))
    assert (rated.fee, rated.calls, rated.sms, rated.rated[0].billed_s) == (0, 0, 0, 0)

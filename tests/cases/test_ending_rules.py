"""Keep or cancel, what leaving costs, what stands against an end, how plastic is destroyed: no database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.choices import CustodyState, ServiceState
from lifecycle.choices import CancelChannel, DestructionMethod, KeepVerdict
from lifecycle.rules import cancelling, destruction, reviews
from lifecycle.rules.cancel_papers import offered, recovery
from lifecycle.rules.keeping import KeepFacts, weigh
from lifecycle.rules.leaving import Lock, cheapest, leave
from lifecycle.rules.settlement import Purse, settle, unsettled

TODAY = date(2026, 11, 20)
FREE = Lock(monthly_fee=Decimal(20))
BOUND = Lock(
    monthly_fee=Decimal(20), ends_on=date(2027, 1, 19), penalty_fixed=Decimal(50), penalty_share=Decimal("0.5")
)
IDLE = KeepFacts(
    today=TODAY,
    is_customer_facing=False,
    callers=0,
    days_used=0,
    calls=0,
    idle_days=75,
    recycled_on=date(2026, 12, 5),
    monthly_cost=Decimal(20),
    refund=Decimal(12),
    lock=FREE,
    spares_ready=6,
    spares_wanted=3,
)


@pytest.mark.parametrize(
    ("change", "verdict", "codes"),
    [
        ({}, KeepVerdict.CANCEL, {"no_callers", "idle", "recycled_soon", "spares_enough", "monthly_cost", "refund"}),
        ({"is_customer_facing": True}, KeepVerdict.KEEP, {"customer_facing"}),
        ({"callers": 3}, KeepVerdict.KEEP, {"callers"}),
        ({"callers": 2}, KeepVerdict.CANCEL, {"callers"}),
        ({"days_used": 5, "calls": 40}, KeepVerdict.KEEP, {"used"}),
        ({"days_used": 4, "calls": 9}, KeepVerdict.CANCEL, {"used"}),
        ({"spares_ready": 2}, KeepVerdict.SPARE, {"spares_short"}),
        ({"lock": BOUND}, KeepVerdict.WAIT, {"locked_in"}),
        ({"lock": replace(BOUND, ends_on=TODAY)}, KeepVerdict.WAIT, {"locked_in"}),
        ({"lock": replace(BOUND, ends_on=date(2026, 11, 19))}, KeepVerdict.CANCEL, set()),
        ({"idle_days": 4}, KeepVerdict.CANCEL, {"no_calls"}),
        ({"idle_days": None, "recycled_on": None}, KeepVerdict.CANCEL, {"never_used"}),
    ],
)
def test_keep_or_cancel(change, verdict, codes):
    """R99, R94, R103: use, customers, contract, cost and standby are weighed, each in words with its figures."""
    found = weigh(replace(IDLE, **change))
    assert found.verdict == verdict
    assert codes <= {point.code for point in found.points}
    assert all(str(point.text) for point in found.points)
    assert found.year == 240


def test_the_sentences_hold_the_figures():
    """R99: the answer gives reasons, not a score."""
    said = {point.code: str(point.text) for point in weigh(replace(IDLE, lock=BOUND, callers=2)).points}
    assert "20" in said["monthly_cost"]
    assert "240" in said["monthly_cost"]
    assert "75" in said["idle"]
    assert "70.00" in said["locked_in"]
    assert "2027-01-20" in said["locked_in"]


@pytest.mark.parametrize(
    ("lock", "on", "total"),
    [
        (FREE, TODAY, 0),
        (BOUND, date(2027, 1, 20), 40),
        (replace(BOUND, monthly_fee=Decimal(60)), TODAY, 110),
        (replace(BOUND, ends_on=date(2030, 1, 19), penalty_fixed=Decimal(0), penalty_share=Decimal(0)), TODAY, 0),
        (replace(BOUND, ends_on=date(2030, 1, 19), penalty_share=Decimal(1)), date(2030, 1, 20), 760),
    ],
)
def test_the_cheapest_day(lock, on, total):
    """R103: the day on which leaving costs least, the fees until then counted in."""
    best = cheapest(lock, today=TODAY)
    assert (best.on, best.total) == (on, total)


@settings(max_examples=40, deadline=None)
@given(
    fee=st.integers(0, 90),
    fixed=st.integers(0, 300),
    share=st.sampled_from([Decimal(0), Decimal("0.3"), Decimal(1)]),
    ends=st.integers(-20, 160),
    other=st.integers(0, 190),
)
def test_no_day_is_cheaper(fee, fixed, share, ends, other):
    """R103: no other day costs less, however the contract is written."""
    ends_on, on = TODAY + timedelta(days=ends), TODAY + timedelta(days=other)
    lock = Lock(monthly_fee=Decimal(fee), ends_on=ends_on, penalty_fixed=Decimal(fixed), penalty_share=share)
    assert cheapest(lock, today=TODAY).total <= leave(lock, today=TODAY, on=on).total


@pytest.mark.parametrize(
    ("purse", "due", "refund", "codes"),
    [
        (Purse(balance=Decimal(50), unbilled=Decimal(20)), 0, 30, set()),
        (Purse(balance=Decimal(50), unbilled=Decimal(20), penalty=Decimal(40)), 0, 0, set()),
        (Purse(balance=Decimal(5), unbilled=Decimal(20)), 15, 0, {"not_settled"}),
        (Purse(balance=Decimal(-30)), 30, 0, {"not_settled"}),
        (Purse(balance=None, unbilled=Decimal(0)), 0, 0, {"balance_unknown"}),
        (Purse(balance=Decimal(500), unbilled=Decimal(20), is_shared=True), 0, 0, set()),
    ],
)
def test_settlement(purse, due, refund, codes):
    """R91: nothing is submitted while a fen is owed or nobody knows; what comes back is told."""
    found = settle(purse)
    assert (found.due, found.refund) == (due, refund)
    assert {reason.code for reason in unsettled(found)} == codes


CARD = cancelling.Standing(
    service_state=ServiceState.ACTIVE, custody_state=CustodyState.IN_STOCK, is_held=False, is_customer_facing=False
)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (cancelling.may_begin("cancel_pending"), []),
        (cancelling.may_begin("frozen"), ["ended_already"]),
        (cancelling.may_begin("pending"), ["never_activated"]),
        (cancelling.in_hands(replace(CARD, is_held=True)), ["in_hands"]),
        (cancelling.in_hands(replace(CARD, is_held=True, custody_state=CustodyState.MISSING)), []),
        (cancelling.in_hands(replace(CARD, is_held=True, reason="stolen")), []),
        (cancelling.protected(is_customer_facing=True), ["customer_facing"]),
        (cancelling.impact_unmet(CARD, customers_told="", gives_up=False), []),
        (
            cancelling.impact_unmet(replace(CARD, is_customer_facing=True), customers_told=" ", gives_up=True),
            ["customers_untold"],
        ),
        (cancelling.gone_otherwise("ported_out"), ["gone_otherwise"]),
        (cancelling.gone_otherwise("cancelled"), []),
        (cancelling.papers_missing(["a", "b"], ["b"]), ["papers_missing"]),
        (cancelling.channel_unfit("hotline", ["outlet"]), ["channel_unfit"]),
        (reviews.unfit(TODAY, TODAY), ["review_unfit"]),
        (reviews.unfit(TODAY, None), ["review_unfit"]),
        (reviews.unfit(TODAY, date(2027, 5, 1)), []),
    ],
)
def test_what_stands_against_an_end(asked, codes):
    """R16, R93, R104, R105, R116: each refusal has its code and says what clears it."""
    assert [reason.code for reason in asked] == codes


@pytest.mark.parametrize(
    ("on", "accepts", "is_second", "codes"),
    [
        (TODAY, False, True, ["locked_in"]),
        (TODAY, True, False, ["penalty_needs_another"]),
        (TODAY, True, True, []),
        (date(2027, 1, 20), False, False, []),
    ],
)
def test_the_contract_blocks_or_a_second_person_accepts(on, accepts, is_second, codes):
    """R103: within the term nothing is submitted unless somebody else accepts the penalty."""
    now, best = leave(BOUND, today=on, on=on), cheapest(BOUND, today=on)
    found = list(cancelling.lock_unmet(now, best, accepts=accepts, is_second_person=is_second))
    assert [reason.code for reason in found] == codes


def test_ways_of_a_carrier():
    """R89, R90, C14: what a carrier offers is its own data; where none is recorded the outlet holds."""
    papers = {CancelChannel.WEB_APP: ["a"], CancelChannel.HOTLINE: []}
    assert offered(papers, general=["b"]) == {CancelChannel.WEB_APP: ["a"]}
    assert offered({}, general=["b"]) == {CancelChannel.OUTLET: ["b"]}


@pytest.mark.parametrize(
    ("state", "today", "fee", "possible", "until"),
    [
        ("cancel_pending", TODAY, None, True, None),
        ("frozen", TODAY, Decimal(50), True, date(2027, 2, 18)),
        ("cancelled", TODAY, None, False, date(2027, 2, 18)),
        ("frozen", date(2027, 2, 18), Decimal(50), False, None),
        ("released", TODAY, Decimal(50), False, None),
    ],
)
def test_recovery(state, today, fee, possible, until):
    """R108: whether a number given up can come back, and until when."""
    found = recovery(service_state=state, freeze_ends=date(2027, 2, 18), today=today, fee=fee)
    assert (found.is_possible, found.until, bool(str(found.why))) == (possible, until, True)


NUMBER = reviews.ReviewFacts(since=date(2026, 1, 10), reviewed_on=None, chosen=None, every_days=None)


@pytest.mark.parametrize(
    ("change", "on"),
    [
        ({}, None),
        ({"every_days": 90}, date(2026, 4, 10)),
        ({"every_days": 90, "reviewed_on": date(2026, 9, 1)}, date(2026, 11, 30)),
        ({"chosen": date(2026, 12, 24)}, date(2026, 12, 24)),
        ({"every_days": 90, "reviewed_on": date(2026, 9, 1), "chosen": date(2026, 10, 1)}, date(2026, 10, 1)),
    ],
)
def test_when_a_number_is_looked_at_again(change, on):
    """R101: by the interval of its industry, or sooner where somebody chose so."""
    assert reviews.review_on(replace(NUMBER, **change)) == on


PLASTIC = destruction.Plastic(
    iccid="89860012345678901234", service_state=ServiceState.CANCELLED, custody_state=CustodyState.IN_STOCK
)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (destruction.not_ready(PLASTIC), []),
        (destruction.not_ready(replace(PLASTIC, service_state="active")), ["destroy_live_card"]),
        (destruction.not_ready(replace(PLASTIC, service_state="cancel_pending")), ["destroy_live_card"]),
        (destruction.not_ready(replace(PLASTIC, service_state="active", custody_state="issued", voided_sim=7)), []),
        (destruction.not_ready(replace(PLASTIC, custody_state="issued")), ["illegal_transition"]),
        (destruction.wrong_card(PLASTIC, "901 234"), []),
        (destruction.wrong_card(PLASTIC, "901235"), ["wrong_card"]),
        (destruction.wrong_card(PLASTIC, "1234"), ["wrong_card"]),
        (destruction.wrong_method(DestructionMethod.SHRED), []),
        (destruction.wrong_method(DestructionMethod.DEGAUSS), ["degauss_useless"]),
    ],
)
def test_what_stands_against_a_destruction(asked, codes):
    """R17, R92: only dead plastic in our hands, by a method that works, and the right card."""
    assert [reason.code for reason in asked] == codes

"""Dates that follow from a carrier's terms (domain.md section 3, 电信条例 art. 34)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardfleet.kernel.clock import SHANGHAI
from cards.rules import carrier_terms
from cards.rules.carrier_terms import CarrierTerms
from cards.rules.known_terms import KNOWN_TERMS


@pytest.mark.parametrize(
    ("due_day", "billed", "due"),
    [
        (None, date(2026, 10, 1), date(2026, 11, 30)),
        (None, date(2026, 1, 1), date(2026, 2, 28)),
        (20, date(2026, 12, 1), date(2027, 1, 20)),
        (5, date(2026, 10, 31), date(2026, 11, 5)),
    ],
)
def test_due_on(due_day: int | None, billed: date, due: date) -> None:
    assert carrier_terms.due_on(CarrierTerms(due_day=due_day), billed) == due


@pytest.mark.parametrize(
    ("carrier", "stop", "terminate", "freeze_end"),
    [
        ("statute", date(2026, 12, 31), date(2027, 3, 1), date(2027, 5, 30)),
        ("mobile", date(2026, 12, 1), date(2027, 1, 30), date(2027, 4, 30)),
        ("unicom", date(2026, 12, 1), date(2027, 3, 1), date(2027, 5, 30)),
        ("telecom", date(2026, 12, 31), date(2027, 3, 1), date(2027, 5, 30)),
        ("huaxiang", date(2026, 12, 1), date(2026, 12, 31), date(2027, 3, 31)),
        ("lenovo", date(2026, 12, 1), date(2027, 3, 1), date(2027, 5, 30)),
    ],
)
def test_arrears_clock(carrier: str, stop: date, terminate: date, freeze_end: date) -> None:
    """R6, R45: the arrears countdown follows each carrier's terms."""
    terms, source = KNOWN_TERMS[carrier]
    clock = carrier_terms.arrears_clock(terms, due=date(2026, 11, 30), stopped_on=None)
    assert (clock.stop.on, clock.terminate.on, clock.freeze_end.on) == (stop, terminate, freeze_end)
    assert all(dated.why for dated in (clock.stop, clock.terminate, clock.freeze_end))
    assert source


def test_the_real_stop_beats_the_computed_one() -> None:
    clock = carrier_terms.arrears_clock(CarrierTerms(), due=date(2026, 11, 30), stopped_on=date(2026, 12, 5))
    assert clock.stop.on == date(2026, 12, 5)
    assert clock.terminate.on == date(2027, 2, 3)


def test_nothing_due_has_no_clock() -> None:
    clock = carrier_terms.arrears_clock(CarrierTerms(), due=None, stopped_on=None)
    assert (clock.stop, clock.terminate, clock.freeze_end) == (None, None, None)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 120), st.integers(0, 120), st.integers(0, 200))
def test_the_clock_runs_forward(due: date, stop: int, terminate: int, freeze: int) -> None:
    terms = CarrierTerms(stop_after_days=stop, terminate_after_days=terminate, freeze_days=freeze)
    clock = carrier_terms.arrears_clock(terms, due=due, stopped_on=None)
    assert due < clock.stop.on <= clock.terminate.on <= clock.freeze_end.on


def test_restore_by() -> None:
    """R45: expected resume time after payment."""
    paid = datetime(2026, 11, 22, 10, tzinfo=SHANGHAI)
    assert carrier_terms.restore_by(CarrierTerms(restore_hours=24), paid_at=paid) == paid + timedelta(days=1)


@pytest.mark.parametrize(
    ("call", "topup", "day"),
    [
        (date(2026, 9, 1), None, date(2026, 11, 30)),
        (date(2026, 9, 1), date(2026, 10, 1), date(2026, 12, 30)),
        (date(2026, 10, 1), date(2026, 9, 1), date(2026, 12, 30)),
        (None, None, None),
    ],
)
def test_recycle(call: date | None, topup: date | None, day: date | None) -> None:
    """R100, R109: silent is neither a call nor a top-up."""
    found = carrier_terms.recycle(CarrierTerms(recycle_after_days=90), last_call_on=call, last_topup_on=topup)
    assert (found.on if found else None) == day


@pytest.mark.parametrize(
    ("expires", "activated", "days", "day"),
    [
        (date(2027, 1, 1), date(2026, 1, 1), 365, date(2027, 1, 1)),
        (None, date(2026, 1, 1), 365, date(2027, 1, 1)),
        (None, date(2026, 1, 1), None, None),
        (None, None, 365, None),
    ],
)
def test_expiry(expires: date | None, activated: date | None, days: int | None, day: date | None) -> None:
    """R15: validity is usually a year and always editable."""
    found = carrier_terms.expiry(expires_on=expires, activated_on=activated, validity_days=days)
    assert (found.on if found else None) == day


@pytest.mark.parametrize(
    ("ends_on", "leaves_on", "months"),
    [
        (date(2026, 12, 31), date(2026, 11, 22), 2),
        (date(2026, 12, 31), date(2026, 12, 31), 1),
        (date(2026, 12, 31), date(2027, 1, 1), 0),
        (date(2027, 2, 22), date(2026, 11, 22), 4),
        (date(2027, 2, 21), date(2026, 11, 22), 3),
        (None, date(2026, 11, 22), 0),
    ],
)
def test_months_left(ends_on: date | None, leaves_on: date, months: int) -> None:
    assert carrier_terms.months_left(ends_on, leaves_on) == months


@pytest.mark.parametrize(
    ("fixed", "share", "fee", "ends_on", "amount"),
    [
        ("0", "0", "39", date(2026, 12, 31), "0.00"),
        ("100", "0", "39", date(2026, 12, 31), "100.00"),
        ("0", "0.3", "39", date(2026, 12, 31), "23.40"),
        ("50", "0.3", "39", date(2026, 12, 31), "73.40"),
        ("50", "0.3", "39", date(2026, 11, 1), "0.00"),
        ("50", "0.3", "39", None, "0.00"),
    ],
)
def test_penalty(fixed: str, share: str, fee: str, ends_on: date | None, amount: str) -> None:
    """R103: leaving a contract early costs what its formula says."""
    found = carrier_terms.penalty(
        fixed=Decimal(fixed),
        share=Decimal(share),
        monthly_fee=Decimal(fee),
        ends_on=ends_on,
        leaves_on=date(2026, 11, 22),
    )
    assert str(found.amount) == amount
    assert found.why

"""Terms, renewals and notice days of contracts (R15, R103)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.choices import NoticeUnit
from cards.rules.contract_terms import ContractTerms, add_months, bound, last_day, next_end, notice_by, running_end

DAYS, MONTHS = NoticeUnit.DAYS, NoticeUnit.MONTHS


def terms(starts_on: date, months: int = 60, renewal: int = 12, notice: int = 3, unit: str = MONTHS) -> ContractTerms:
    return ContractTerms(
        starts_on=starts_on,
        ends_on=last_day(starts_on, months),
        renewal_months=renewal,
        notice=notice,
        notice_unit=unit,
    )


@pytest.mark.parametrize(
    ("day", "months", "ends"),
    [
        (date(2026, 1, 1), 60, date(2030, 12, 31)),
        (date(2026, 3, 15), 60, date(2031, 3, 14)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 10, 31), 12, date(2027, 10, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 28)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_the_last_day_of_a_term(day: date, months: int, ends: date) -> None:
    """R15: month ends and leap years (民法典 art. 202)."""
    assert last_day(day, months) == ends


@pytest.mark.parametrize(
    ("starts", "on", "ends"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2030, 12, 31)),
        (date(2026, 1, 1), date(2030, 12, 31), date(2030, 12, 31)),
        (date(2026, 1, 1), date(2031, 1, 1), date(2031, 12, 31)),
        (date(2026, 1, 1), date(2034, 6, 1), date(2034, 12, 31)),
        (date(2028, 2, 29), date(2033, 3, 1), date(2034, 2, 28)),
        (date(2028, 2, 29), date(2035, 6, 1), date(2036, 2, 28)),
        (date(2027, 3, 1), date(2032, 3, 1), date(2033, 2, 28)),
        (date(2027, 3, 1), date(2035, 3, 1), date(2036, 2, 29)),
    ],
)
def test_sixty_months_and_then_twelve_at_a_time(starts: date, on: date, ends: date) -> None:
    """R103: the first term is not repeated, and days do not drift over leap years."""
    assert running_end(terms(starts), on=on) == ends


def test_a_last_day_typed_by_hand_is_renewed_from_there() -> None:
    odd = ContractTerms(starts_on=date(2026, 1, 10), ends_on=date(2027, 1, 31), renewal_months=12)
    assert next_end(odd, date(2027, 1, 31)) == date(2028, 1, 31)


@pytest.mark.parametrize(
    ("ends", "notice", "unit", "latest"),
    [
        (date(2030, 12, 31), 3, MONTHS, date(2030, 9, 30)),
        (date(2030, 12, 31), 30, DAYS, date(2030, 12, 1)),
        (date(2030, 12, 31), 0, DAYS, date(2030, 12, 31)),
        (date(2031, 5, 30), 3, MONTHS, date(2031, 2, 27)),
        (date(2032, 5, 30), 3, MONTHS, date(2032, 2, 28)),
        (date(2032, 2, 29), 1, MONTHS, date(2032, 1, 31)),
        (date(2032, 3, 30), 1, MONTHS, date(2032, 2, 28)),
        (date(2032, 2, 29), 60, DAYS, date(2031, 12, 31)),
    ],
)
def test_the_last_day_of_notice(ends: date, notice: int, unit: str, latest: date) -> None:
    """R103: the whole notice period lies between the notice and the end of the term."""
    some = ContractTerms(starts_on=date(2026, 1, 1), ends_on=ends, renewal_months=12, notice=notice, notice_unit=unit)
    assert notice_by(some, ends) == latest


@pytest.mark.parametrize(
    ("on", "until", "latest", "is_late"),
    [
        (date(2030, 9, 30), date(2030, 12, 31), date(2030, 9, 30), False),
        (date(2030, 10, 1), date(2031, 12, 31), date(2031, 9, 30), True),
        (date(2031, 1, 1), date(2031, 12, 31), date(2031, 9, 30), False),
        (date(2034, 11, 1), date(2035, 12, 31), date(2035, 9, 30), True),
    ],
)
def test_notice_in_time_and_a_day_late(on: date, until: date, latest: date, is_late: bool) -> None:
    """R103: a notice day in the past says which term binds."""
    found = bound(terms(date(2026, 1, 1)), on=on)
    assert found is not None
    assert (found.until.on, found.notice_by, found.is_late) == (until, latest, is_late)
    assert until.isoformat() in str(found.until.why)


def test_a_notice_longer_than_a_term_binds_further_terms() -> None:
    found = bound(terms(date(2026, 1, 1), months=12, renewal=12, notice=18), on=date(2026, 7, 1))
    assert found is not None
    assert (found.until.on, found.notice_by) == (date(2028, 12, 31), date(2027, 6, 30))


def test_what_ends_by_itself_and_what_has_no_end() -> None:
    single = bound(terms(date(2026, 1, 1), renewal=0), on=date(2030, 12, 30))
    assert single is not None
    assert (single.until.on, single.notice_by) == (date(2030, 12, 31), None)
    assert bound(ContractTerms(starts_on=date(2026, 1, 1), ends_on=None), on=date(2026, 2, 1)) is None


@given(
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    st.integers(1, 72),
    st.integers(1, 36),
    st.integers(0, 24),
    st.sampled_from(NoticeUnit),
    st.integers(0, 5000),
)
def test_terms_follow_one_another_and_notice_is_never_in_the_past(
    starts: date, months: int, renewal: int, notice: int, unit: NoticeUnit, later: int
) -> None:
    some = terms(starts, months, renewal, notice, unit)
    on = starts + timedelta(days=later)
    running = running_end(some, on=on)
    assert running is not None
    assert running >= on
    assert next_end(some, running) > running
    found = bound(some, on=on)
    assert found is not None
    assert found.notice_by is not None
    assert on <= found.notice_by <= found.until.on
    assert add_months(starts, months) == last_day(starts, months) + timedelta(days=1)

"""What is owed and when the carrier stops for it, as a table."""

from datetime import date
from decimal import Decimal

import pytest

from cards.rules.carrier_terms import CarrierTerms
from lifecycle.rules.arrears import AccountFacts, debt

TODAY = date(2026, 11, 20)


def account(payment: str, balance: str, **facts) -> AccountFacts:
    facts = {"credit_limit": "0", "charges_this_month": "0", "charges_last_month": "0"} | facts
    terms = CarrierTerms(stop_below=Decimal(facts.pop("stop_below", 0)), due_day=facts.pop("due_day", None))
    money = {name: Decimal(value) for name, value in facts.items() if name != "stopped_on"}
    stopped = {"stopped_on": facts["stopped_on"]} if "stopped_on" in facts else {}
    return AccountFacts(today=TODAY, payment=payment, balance=Decimal(balance), terms=terms, **money, **stopped)


@pytest.mark.parametrize(
    ("facts", "amount"),
    [
        (account("prepaid", "0"), None),
        (account("prepaid", "-0.01"), "0.01"),
        (account("prepaid", "4.99", stop_below="5"), "0.01"),
        (account("prepaid", "-20", credit_limit="30"), None),
        (account("prepaid", "-46.20", credit_limit="30"), "16.20"),
    ],
)
def test_prepaid_owes_what_is_missing_to_the_carriers_line_and_stops_at_once(facts, amount):
    """R6, R36: prepaid numbers stop when the money falls below the line."""
    found = debt(facts)
    assert (found and found.amount) == (amount and Decimal(amount))
    if found:
        assert (found.due_on, found.days, found.stop_on) == (TODAY, 0, TODAY)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # October's bill is due on 30 November: nothing is overdue yet.
        (account("postpaid", "-100", charges_this_month="40", charges_last_month="60"), None),
        # This month's charges alone are never overdue.
        (account("postpaid", "-40", charges_this_month="40", due_day=10), None),
        # Due on the 10th: October's 60 are ten days late.
        (
            account("postpaid", "-100", charges_this_month="40", charges_last_month="60", due_day=10),
            ("60", date(2026, 11, 10), 10),
        ),
        # September's 30 were due on 31 October, and come first.
        (
            account("postpaid", "-130", charges_this_month="40", charges_last_month="60"),
            ("30", date(2026, 10, 31), 20),
        ),
    ],
)
def test_postpaid_owes_a_month_from_its_due_day_on(facts, expected):
    """R6, R36: a bill is overdue from the day after the carrier's due day."""
    found = debt(facts)
    assert (found and (found.amount, found.due_on, found.days)) == (
        expected and (Decimal(expected[0]), expected[1], expected[2])
    )


def test_the_stop_follows_from_the_due_day_and_the_end_from_the_stop():
    """R45: by the statute more than 30 days after the due day, and 60 days after the stop."""
    found = debt(account("postpaid", "-60", due_day=10, charges_last_month="0"))
    assert found is not None
    assert (found.stop_on, found.ends_on) == (date(2026, 11, 10), date(2027, 1, 9))


def test_a_real_stop_outranks_the_computed_one():
    found = debt(account("prepaid", "-5", stopped_on=date(2026, 11, 1)))
    assert found is not None
    assert (found.stop_on, found.ends_on) == (date(2026, 11, 1), date(2026, 12, 31))

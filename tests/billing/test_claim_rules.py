"""What fits on an invoice and on a claim: a row a check, no database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from stdnum.cn import uscc

from billing.rules.claims import (
    CardFacts,
    Terms,
    cap_check,
    card_checks,
    deadline,
    first_month,
    is_late,
    left_of,
    payable,
    time_checks,
)
from billing.rules.invoices import Blue, InvoiceFacts, invoice_checks, is_tax_id, rate_of

TODAY = date(2026, 11, 20)
OURS = "91110108MA01" + "00000"
TAX_ID = OURS + uscc.calc_check_digit(OURS)
GOOD = InvoiceFacts(
    kind="digital",
    number="24112000000012345678",
    title="示例科技有限公司",
    tax_id=TAX_ID,
    issued_on=date(2026, 11, 2),
    net=Decimal("91.74"),
    tax=Decimal("8.26"),
    gross=Decimal("100.00"),
    titles=("示例科技有限公司",),
    is_ours=True,
)
RED = replace(GOOD, net=Decimal("-91.74"), tax=Decimal("-8.26"), gross=Decimal("-100.00"))
BLUE = Blue(title=GOOD.title, gross=Decimal("100.00"))


def faults(facts: InvoiceFacts) -> dict[str, bool]:
    """Return the codes of what does not fit, and whether each blocks."""
    return {check.code: check.blocks for check in invoice_checks(facts, today=TODAY) if not check.fits}


def test_a_good_invoice_fits_in_all() -> None:
    """R67: nothing is said against it, and every field was looked at."""
    assert faults(GOOD) == {}
    looked_at = {check.code for check in invoice_checks(GOOD, today=TODAY)}
    assert looked_at == {
        "number", "once", "title", "tax_id_form", "tax_id", "issued", "sum", "rate", "file", "seen", "picture",
    }  # fmt: skip


WRONG = [
    ({"number": "12345678"}, {"number": True}),
    ({"code": "011002100111"}, {"number": True}),
    ({"number": "2411200000001234567X"}, {"number": True}),
    ({"kind": "ordinary", "code": "011002100111", "number": "12345678"}, {}),
    ({"kind": "ordinary", "code": "0110021001", "number": "12345678"}, {}),
    ({"kind": "ordinary", "number": "12345678"}, {"number": True}),
    ({"kind": "special", "code": "0110021130", "number": "12345678"}, {}),
    ({"kind": "special", "code": "011002113099", "number": "12345678"}, {"number": True}),
    ({"used_in": "3"}, {"once": True}),
    ({"title": "示例科技"}, {"title": True}),
    ({"title": "示例科技有限公司 "}, {"title": True}),
    ({"title": "示例（上海）科技", "titles": ("示例(上海)科技",)}, {}),
    ({"tax_id": TAX_ID[:-1] + "?"}, {"tax_id_form": True}),
    ({"is_ours": False}, {"tax_id": True}),
    ({"is_ours": None}, {"tax_id": False}),
    ({"issued_on": date(2026, 11, 21)}, {"issued": True}),
    ({"issued_on": TODAY}, {}),
    ({"tax": Decimal("8.00"), "net": Decimal("92.01")}, {"sum": True, "rate": False}),
    ({"tax": Decimal("0.00"), "net": Decimal("100.00")}, {}),
    ({"tax": Decimal("5.66"), "net": Decimal("94.34")}, {}),
    ({"tax": Decimal("7.20"), "net": Decimal("92.80")}, {"rate": False}),
    ({"tax": Decimal("20.00"), "net": Decimal("80.00")}, {"rate": True}),
    ({"tax": Decimal("-10.00"), "net": Decimal("110.00")}, {"sum": True, "rate": True}),
    ({"has_file": False}, {"file": True}),
    ({"seen_in": "4"}, {"seen": False}),
    ({"picture_in": "4"}, {"picture": False}),
    ({"blue": BLUE}, {"red": True}),
]


@pytest.mark.parametrize(("change", "expected"), WRONG)
def test_what_does_not_fit_on_an_invoice(change: dict, expected: dict[str, bool]) -> None:
    """R67: number by kind, once; title, tax ID, date, sums, rate, picture."""
    assert faults(replace(GOOD, **change)) == expected


RED_LETTERS = [
    (RED, {"red": True}),
    (replace(RED, blue=BLUE), {}),
    (replace(RED, blue=replace(BLUE, taken_back=Decimal("0.01"))), {"red": True}),
    (replace(RED, blue=replace(BLUE, gross=Decimal("99.99"))), {"red": True}),
    (replace(RED, blue=replace(BLUE, title="另一家公司")), {"red": True}),
]


@pytest.mark.parametrize(("facts", "expected"), RED_LETTERS)
def test_a_red_letter_names_its_blue_one_and_is_not_larger(facts: InvoiceFacts, expected: dict[str, bool]) -> None:
    """Bad input: a negative invoice without its blue one; one that takes back more than there is."""
    assert faults(facts) == expected


@pytest.mark.parametrize(
    ("text", "fits"),
    [(TAX_ID, True), ("110108123456789", True), ("1" * 20, True), ("1" * 18, False), ("", False), (TAX_ID[:17], False)],
)
def test_the_form_of_a_tax_id(text: str, fits: bool) -> None:
    """The credit code by its check digit, older ones by their length."""
    assert is_tax_id(text) is fits


def test_the_rate_is_the_nearest_that_fits() -> None:
    """Small amounts fit several rates to five fen."""
    assert [rate_of(Decimal(net), Decimal(tax)) for net, tax in (("1.00", "0.09"), ("100", "6"), ("100", "7.5"))] == [
        9,
        6,
        None,
    ]


CARDS = [
    (CardFacts(was_held=True, registered_to=GOOD.title), {}),
    (CardFacts(was_held=False, registered_to=GOOD.title), {"held": True}),
    (CardFacts(was_held=True, in_shared=True, registered_to=GOOD.title), {"shared": True}),
    (CardFacts(was_held=True, company_paid=Decimal(50), registered_to=GOOD.title), {"company_paid": True}),
    (CardFacts(was_held=True, registered_to="张三"), {"registered": False}),
    (CardFacts(was_held=True), {"registered": False}),
]


@pytest.mark.parametrize(("facts", "expected"), CARDS)
def test_only_own_cards_that_the_company_does_not_pay(facts: CardFacts, expected: dict[str, bool]) -> None:
    """R67; bad input: a claim on someone else's card."""
    assert {one.code: one.blocks for one in card_checks(facts, title=GOOD.title) if not one.fits} == expected


MONTHS = [
    (date(2026, 12, 1), {"begun": True}),
    (date(2026, 11, 1), {}),
    (date(2026, 10, 1), {"deadline": False}),
    (date(2026, 5, 1), {"deadline": False}),
    (date(2026, 4, 1), {"months_back": True, "deadline": False}),
]


@pytest.mark.parametrize(("month", "expected"), MONTHS)
def test_months_that_are_paid_back(month: date, expected: dict[str, bool]) -> None:
    """R67: in time, late, too long ago."""
    checks = time_checks(month, terms=Terms(), today=TODAY)
    assert {one.code: one.blocks for one in checks if not one.fits} == expected


def test_the_deadline_is_a_day_of_the_month_after() -> None:
    """The day itself is in time; a year's turn counts as any month's."""
    terms = Terms(deadline_day=10, months_back=6)
    assert deadline(date(2026, 12, 1), terms=terms) == date(2027, 1, 10)
    assert not is_late(date(2026, 12, 1), terms=terms, today=date(2027, 1, 10))
    assert is_late(date(2026, 12, 1), terms=terms, today=date(2027, 1, 11))
    assert first_month(terms, today=date(2027, 2, 28)) == date(2026, 8, 1)


def test_the_cap_pays_back_what_is_left_of_it() -> None:
    """R67: a claim above the cap is not refused, but paid back up to it."""
    left = left_of(Decimal(100), used=Decimal("70.50"))
    assert left == Decimal("29.50")
    assert payable(Decimal(40), left=left) == left
    assert payable(Decimal(20), left=left) == Decimal(20)
    assert payable(Decimal(40), left=left_of(None, used=Decimal(999))) == Decimal(40)
    assert left_of(Decimal(100), used=Decimal(130)) == 0
    assert not cap_check(Decimal(40), left=left).fits
    assert cap_check(Decimal(40), left=left).blocks is False
    assert cap_check(Decimal(40), left=None).fits

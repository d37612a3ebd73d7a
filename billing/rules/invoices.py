"""What fits on an invoice and what does not (domain.md section 6, "Invoices" and "Reimbursement")."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from billing.choices import InvoiceKind
from cardfleet.kernel.errors import Reason, Text
from cardfleet.kernel.money import ZERO, to_fen

# Signs of the code and of the number. Digital invoices (2021 on) have no code; paper and older electronic ones do.
LENGTHS = {InvoiceKind.DIGITAL: ((0,), 20), InvoiceKind.ORDINARY: ((10, 12), 8), InvoiceKind.SPECIAL: ((10,), 8)}
# Of VAT and its simplified levy, percent; 0 stands for what is not taxed, as a pre-payment.
RATES = (0, 1, 3, 5, 6, 9, 13)
BASE_RATE, VALUE_ADDED_RATE = 9, 6
SLACK = Decimal("0.05")
OLD_TAX_ID = re.compile(r"^([0-9A-Z]{15}|[0-9A-Z]{20})$")


def as_title(text: str) -> str:
    """Return a name as titles are compared: （ and ( are one sign, as carriers print either."""
    return unicodedata.normalize("NFKC", text)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at. What `blocks` keeps a claim from being sent; the rest is for who approves it."""

    code: str
    label: Text
    fits: bool
    message: Text = ""
    blocks: bool = True
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Blue:
    """The invoice a red letter takes back: its title and gross, and what other red letters took back of it (CNY)."""

    title: str
    gross: Decimal
    taken_back: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class InvoiceFacts:
    """An invoice as it was read off, CNY, and what is known beside it.

    `titles` are the exact names of the company's legal entities; `is_ours` whether the tax ID belongs to the title,
    None where none is recorded for it. `used_in` and `seen_in` name claims that stand, or were refused, with this
    number; `picture_in` those with the same picture. `blue` is the invoice a red letter takes back.
    """

    kind: str
    code: str = ""
    number: str
    title: str
    tax_id: str
    issued_on: date
    net: Decimal
    tax: Decimal
    gross: Decimal
    titles: Collection[str] = ()
    is_ours: bool | None = None
    blue: Blue | None = None
    has_file: bool = True
    used_in: str = ""
    seen_in: str = ""
    picture_in: str = ""


def invoice_checks(facts: InvoiceFacts, *, today: date) -> Iterator[Check]:
    """Yield all checks of one invoice, in the order in which its fields stand."""
    yield _number(facts)
    yield _once(facts)
    yield _title(facts)
    yield from _tax_id(facts)
    yield Check(
        code="issued",
        label=_("Date of the invoice"),
        fits=facts.issued_on <= today,
        message=_("The invoice is dated in the future. Read the date off again."),
        field="issued_on",
    )
    yield from _amounts(facts)
    if facts.gross < ZERO or facts.blue:
        yield _red_letter(facts)
    yield Check(
        code="file",
        label=_("Picture of the invoice"),
        fits=facts.has_file,
        message=_("Take a picture of the invoice, or add its file."),
        field="file",
    )
    yield _said_of_others("seen", _("Not refused before"), facts.seen_in, field="number")
    yield _said_of_others("picture", _("Picture not used before"), facts.picture_in, field="file")


def reason_of(check: Check) -> Reason:
    """Return what does not fit as a reason that names its field."""
    return Reason(code=check.code, message=check.message, field=check.field)


def number_taken() -> Reason:
    """Return the reason for a number that came into another claim at the same moment."""
    message = _("This number has just come into another claim. An invoice is paid once.")
    return Reason(code="once", message=message, field="number")


def is_tax_id(text: str) -> bool:
    """Tell whether a text has the form of a tax ID: the credit code of 18 signs, or an older one of 15 or 20."""
    return bool(OLD_TAX_ID.match(text)) or (len(text) == 18 and bool(uscc.is_valid(text)))


def rate_of(net: Decimal, tax: Decimal) -> int | None:
    """Return the rate in percent that a tax was reckoned by, None where no single one fits to within five fen."""
    fitting = (rate for rate in RATES if abs(to_fen(net * rate / 100) - tax) <= SLACK)
    return min(fitting, key=lambda rate: (abs(net * rate / 100 - tax), rate), default=None)


def _number(facts: InvoiceFacts) -> Check:
    codes, length = LENGTHS[InvoiceKind(facts.kind)]
    is_digits = (facts.code + facts.number).isascii() and (facts.code + facts.number).isdigit()
    messages = {
        InvoiceKind.DIGITAL: _("A digital invoice has a number of 20 digits and no code."),
        InvoiceKind.ORDINARY: _("An ordinary invoice has a code of 10 or 12 digits and a number of 8."),
        InvoiceKind.SPECIAL: _("A special invoice has a code of 10 digits and a number of 8."),
    }
    return Check(
        code="number",
        label=_("Number of the invoice"),
        fits=is_digits and len(facts.code) in codes and len(facts.number) == length,
        message=messages[InvoiceKind(facts.kind)],
        field="number",
    )


def _once(facts: InvoiceFacts) -> Check:
    return Check(
        code="once",
        label=_("Number claimed once"),
        fits=not facts.used_in,
        message=format_lazy(
            _("This number is on claim {claim} already. An invoice is paid once."), claim=facts.used_in
        ),
        field="number",
    )


def _title(facts: InvoiceFacts) -> Check:
    names = "、".join(sorted(facts.titles))
    return Check(
        code="title",
        label=_("Title is the company's name"),
        fits=as_title(facts.title) in {as_title(title) for title in facts.titles},
        message=format_lazy(_("The title must be exactly: {names}. Ask the carrier for another invoice."), names=names),
        field="title",
    )


def _tax_id(facts: InvoiceFacts) -> Iterator[Check]:
    yield Check(
        code="tax_id_form",
        label=_("Form of the tax ID"),
        fits=is_tax_id(facts.tax_id),
        message=_("This is no tax ID: 18 signs whose last fits the others. Read it off again."),
        field="tax_id",
    )
    yield Check(
        code="tax_id",
        label=_("Tax ID is the company's"),
        fits=bool(facts.is_ours),
        message=_("The company's credit code is not recorded, so that nobody can compare. Have it recorded.")
        if facts.is_ours is None
        else _("This is not the company's tax ID. Ask the carrier for another invoice."),
        blocks=facts.is_ours is False,
        field="tax_id",
    )


def _amounts(facts: InvoiceFacts) -> Iterator[Check]:
    net, tax = abs(facts.net), abs(facts.tax)
    yield Check(
        code="sum",
        label=_("Tax is what lies between the amounts"),
        fits=facts.gross != ZERO and facts.tax == facts.gross - facts.net and facts.net * facts.tax >= ZERO,
        message=_("The amount without tax and the tax do not make the amount with tax. Read them off again."),
        field="gross",
    )
    is_mixed = to_fen(net * VALUE_ADDED_RATE / 100) <= tax <= to_fen(net * BASE_RATE / 100)
    yield Check(
        code="rate",
        label=_("Rate of tax"),
        fits=rate_of(net, tax) is not None,
        message=_("The tax lies between 6 % and 9 %, as on invoices for calls and extras together. Look at it.")
        if is_mixed
        else _("No rate of tax makes this tax of this amount. Read them off again."),
        blocks=not is_mixed,
        field="tax",
    )


def _red_letter(facts: InvoiceFacts) -> Check:
    blue = facts.blue
    if facts.gross >= ZERO:
        fits, message = False, _("Only a red letter, whose amounts are below zero, names another invoice.")
    elif blue is None:
        fits, message = (
            False,
            _("A red letter names the invoice it takes back. Enter the number of one claimed before."),
        )
    elif as_title(blue.title) != as_title(facts.title):
        fits, message = False, _("The red letter and the invoice it takes back have different titles.")
    else:
        fits, message = -facts.gross <= blue.gross - blue.taken_back, _("More is taken back than the invoice was for.")
    return Check(code="red", label=_("Red letter and its invoice"), fits=fits, message=message, field="red_number")


def _said_of_others(code: str, label: Text, claim: str, *, field: str) -> Check:
    message = format_lazy(_("It is on claim {claim}, too. Look at both."), claim=claim)
    return Check(code=code, label=label, fits=not claim, message=message, blocks=False, field=field)

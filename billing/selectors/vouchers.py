"""A month as lines of the company's books (R13): what it cost by team and kind, and what was paid in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from billing.choices import EntryKind, VoucherValue
from billing.errors import AccountsMissing, ColumnsMissing, Unbalanced
from billing.models import LedgerEntry, VoucherCentre, VoucherColumn, VoucherMapping
from billing.rules.vat import nets_of
from billing.rules.vouchers import Accounts, Amount, Line, lines_of, sums
from billing.selectors.closing import is_closed
from billing.selectors.cost_parts import KINDS
from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import month_costs
from billing.selectors.vat import rates_on
from cardfleet.kernel.money import ZERO

# Money that moved without costing anything; it is exported where it has accounts.
BESIDE = (EntryKind.TOP_UP, EntryKind.REFUND)
NEEDED = frozenset({VoucherValue.ACCOUNT, VoucherValue.DEBIT, VoucherValue.CREDIT})


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """The lines of a month, balanced; `provisional` while the month is open."""

    month: date
    lines: Sequence[Line]
    debit: Decimal
    credit: Decimal
    provisional: bool


def voucher_of(month: date) -> Voucher:
    """Return the lines of a month. AccountsMissing where a kind that cost something has none; Unbalanced."""
    mapped = {one.kind: one for one in VoucherMapping.objects.all()}
    amounts = [*_costs(month), *(amount for amount in _beside(month) if amount.kind in mapped)]
    if missing := sorted({amount.kind for amount in amounts if amount.gross and amount.kind not in mapped}):
        kinds = ", ".join(str(EntryKind(kind).label) for kind in missing)
        raise AccountsMissing(message=str(AccountsMissing.sentence).format(kinds=kinds))
    accounts = {
        kind: Accounts(debit=one.debit, credit=one.credit, tax=one.tax, text=one.text) for kind, one in mapped.items()
    }
    words = {kind.value: str(kind.label) for kind in EntryKind}
    lines = lines_of(amounts, accounts=accounts, words=words, month=f"{month:%Y-%m}")
    return balanced(month, lines, provisional=not is_closed(month))


def balanced(month: date, lines: Sequence[Line], *, provisional: bool) -> Voucher:
    """Return lines as a voucher. Unbalanced where debit is not credit."""
    debit, credit = sums(lines)
    if debit != credit:
        raise Unbalanced(message=str(Unbalanced.sentence).format(debit=debit, credit=credit))
    return Voucher(month=month, lines=lines, debit=debit, credit=credit, provisional=provisional)


def file_columns() -> Sequence[VoucherColumn]:
    """Return the columns of the file. ColumnsMissing without account, debit and credit."""
    columns = list(VoucherColumn.objects.all())
    if NEEDED - {column.value for column in columns}:
        raise ColumnsMissing
    return columns


def _costs(month: date) -> Iterator[Amount]:
    """Yield what each team's cards cost, kind by kind, teams in the order of their costs."""
    rows, rates = month_costs(month, CostBy.TEAM).rows, rates_on(month)
    centres = dict(VoucherCentre.objects.values_list("team_id", "code"))
    for kind in KINDS:
        amounts = [row.kinds.get(kind, ZERO) for row in rows]
        nets = nets_of(amounts, rates.get(kind, ZERO))
        for row, gross, net in zip(rows, amounts, nets, strict=True):
            centre = centres.get(row.pk or 0, "")
            yield Amount(kind=kind.value, gross=gross, net=net, team=row.name, centre=centre)


def _beside(month: date) -> Iterator[Amount]:
    """Yield what was paid in, less what was taken back."""
    for kind in BESIDE:
        of_kind = Q(kind=kind) | Q(kind=EntryKind.REVERSAL, reverses__kind=kind)
        whole = LedgerEntry.objects.filter(of_kind, month=month).aggregate(sum=Sum("amount"))["sum"] or ZERO
        yield Amount(kind=kind.value, gross=whole, net=whole)


def state_of(voucher: Voucher) -> str:
    """Return what a file's name says of it."""
    return _("provisional") if voucher.provisional else _("closed")

"""The columns of a cost report: what a page shows of a row, and what a file holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.choices import EntryKind
from billing.selectors.cost_parts import KINDS
from billing.selectors.cost_rows import CostReport, CostRow, Figures
from cardfleet.kernel.errors import Text
from cardfleet.kernel.money import ZERO
from cardfleet.kernel.spreadsheets import ColumnKind


@dataclass(frozen=True)
class CostColumn:
    """A figure of a row. `adds`: that of the total is the sum of the rows'."""

    title: Text
    value: Callable[[CostRow], Decimal | int | None]
    kind: ColumnKind = ColumnKind.MONEY
    adds: bool = True


def _of(kind: EntryKind) -> CostColumn:
    return CostColumn(kind.label, lambda row: row.kinds.get(kind, ZERO))


CARDS = CostColumn(_("Cards"), lambda row: row.cards, ColumnKind.INTEGER, adds=False)
MINUTES = CostColumn(_("Outgoing minutes"), lambda row: row.minutes, ColumnKind.INTEGER, adds=False)
COUNTS = (
    CARDS,
    CostColumn(_("Agents"), lambda row: row.agents, ColumnKind.INTEGER, adds=False),
    CostColumn(_("Calls made"), lambda row: row.made, ColumnKind.INTEGER),
    MINUTES,
)
BY_KIND = {kind: _of(kind) for kind in KINDS}
UNITS = (
    CostColumn(_("A call"), lambda row: row.per_call, adds=False),
    CostColumn(_("An answered minute"), lambda row: row.per_minute, adds=False),
    CostColumn(_("An agent"), lambda row: row.per_agent, adds=False),
)
TAX = (
    CostColumn(_("Net of VAT"), lambda row: row.net),
    CostColumn(_("VAT"), lambda row: row.tax),
)
COMPARED = (
    CostColumn(_("Compared with"), lambda row: row.before),
    CostColumn(_("Increase"), lambda row: row.change),
)
TOTAL = CostColumn(_("Total"), lambda row: row.total)
ALWAYS = (EntryKind.MONTHLY_FEE, EntryKind.USAGE)


def columns_shown(report: CostReport, view: Figures) -> Sequence[CostColumn]:
    """Return the columns of the page: of the kinds, those that cost something."""
    if view == Figures.UNITS:
        return (*COUNTS, *UNITS, TOTAL)
    if view == Figures.TAX:
        return (CARDS, *TAX, TOTAL)
    if view == Figures.COMPARED:
        return (CARDS, *COMPARED, TOTAL)
    present = {kind for row in report.rows for kind, amount in row.kinds.items() if amount}
    return (CARDS, MINUTES, *(BY_KIND[kind] for kind in KINDS if kind in ALWAYS or kind in present), TOTAL)


def columns_in_file(report: CostReport) -> Sequence[CostColumn]:
    """Return the columns of a file: all of them, the total last."""
    compared = COMPARED if report.against else ()
    return (*COUNTS, *BY_KIND.values(), *compared, *UNITS, *TAX, TOTAL)

"""What a cost report says: its rows, their figures, and how they stand against another month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from billing.choices import EntryKind
from cardfleet.kernel.money import ZERO, to_fen

Key = int | str | None
"""What a group is known by: an id, a region or purpose, None for what belongs to none."""


class CostBy(StrEnum):
    """What a cost report is grouped by."""

    TEAM = "team"
    AGENT = "agent"
    CARD = "card"
    CARRIER = "carrier"
    PLAN = "plan"
    REGION = "region"
    PURPOSE = "purpose"
    ENTITY = "entity"


BY_LABELS = {
    CostBy.TEAM: _("Team"),
    CostBy.AGENT: _("Agent"),
    CostBy.CARD: _("Card"),
    CostBy.CARRIER: _("Carrier"),
    CostBy.PLAN: _("Plan"),
    CostBy.REGION: _("Home region"),
    CostBy.PURPOSE: _("Purpose"),
    CostBy.ENTITY: _("Legal entity"),
}


class Figures(StrEnum):
    """Which figures of a cost report a page shows."""

    KINDS = "kinds"
    UNITS = "units"
    TAX = "tax"
    COMPARED = "compared"


VIEW_LABELS = {
    Figures.KINDS: _("By kind"),
    Figures.UNITS: _("A call, minute, agent"),
    Figures.TAX: _("VAT"),
    Figures.COMPARED: _("Two months"),
}


@dataclass(frozen=True, kw_only=True)
class CostRow:
    """What one group cost, CNY by kind, tax included; `net` is without it.

    `key` is the group's, None where nobody held the card. `made` and `seconds` are of outgoing calls, `agents` those
    who held a card or called. `before` is the total of the month it is compared with.
    """

    key: Key
    name: str = ""
    detail: str = ""
    cards: int = 0
    agents: int = 0
    made: int = 0
    seconds: int = 0
    kinds: Mapping[str, Decimal] = field(default_factory=dict)
    net: Decimal = ZERO
    before: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Everything."""
        return sum(self.kinds.values(), ZERO)

    @property
    def monthly(self) -> Decimal:
        """Monthly fees."""
        return self.kinds.get(EntryKind.MONTHLY_FEE, ZERO)

    @property
    def calls(self) -> Decimal:
        """Calls."""
        return self.kinds.get(EntryKind.USAGE, ZERO)

    @property
    def other(self) -> Decimal:
        """Everything beside monthly fees and calls."""
        return self.total - self.monthly - self.calls

    @property
    def tax(self) -> Decimal:
        """The VAT within."""
        return self.total - self.net

    @property
    def minutes(self) -> int:
        """Answered outgoing minutes, started ones counted whole over the group."""
        return -(-self.seconds // 60)

    @property
    def per_call(self) -> Decimal | None:
        """What a call made cost, all in all; None without any."""
        return to_fen(self.total / self.made) if self.made else None

    @property
    def per_minute(self) -> Decimal | None:
        """What an answered minute cost, all in all; None without any."""
        return to_fen(self.total * 60 / self.seconds) if self.seconds else None

    @property
    def per_agent(self) -> Decimal | None:
        """What an agent cost, all in all; None without any."""
        return to_fen(self.total / self.agents) if self.agents else None

    @property
    def change(self) -> Decimal:
        """How much more it cost than in the month it is compared with."""
        return self.total - self.before

    @property
    def pk(self) -> int | None:
        """The key where it is an id."""
        return self.key if isinstance(self.key, int) else None

    @property
    def address(self) -> str:
        """The key as an address holds it."""
        return "" if self.key is None else str(self.key)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A group of another report: what a report is narrowed to."""

    of: CostBy
    key: Key

    @property
    def address(self) -> str:
        """The key as an address holds it."""
        return "" if self.key is None else str(self.key)


@dataclass(frozen=True, kw_only=True)
class CostReport:
    """The rows of a month, dearest first, those of nobody last; `total` is over all, a card counted once.

    `part` is what it is narrowed to, `against` the month it is compared with, `more` are rows that are left out.
    """

    month: date
    by: CostBy
    rows: Sequence[CostRow]
    total: CostRow
    part: Part | None = None
    against: date | None = None
    more: int = 0

    @property
    def first_day(self) -> str:
        """The month as the ledger's filter takes it."""
        return self.month.isoformat()

    @property
    def idle(self) -> Decimal:
        """What cost while nobody held it, CNY."""
        return next((row.total for row in self.rows if row.key is None), ZERO)

    def shortened(self, rows: int) -> "CostReport":
        """Return the report with so many of its dearest rows, and that of nobody."""
        kept = [*self.rows[:rows], *(row for row in self.rows[rows:] if row.key is None)]
        return replace(self, rows=kept, more=len(self.rows) - len(kept))

    def compared(self, other: "CostReport") -> "CostReport":
        """Return the report beside another month's; groups that cost something only then come before that of nobody."""
        before = {row.key: row for row in other.rows}
        rows = [replace(row, before=before.pop(row.key).total if row.key in before else ZERO) for row in self.rows]
        rows += [CostRow(key=row.key, name=row.name, detail=row.detail, before=row.total) for row in before.values()]
        rows.sort(key=lambda row: row.key is None)
        return replace(self, rows=rows, total=replace(self.total, before=other.total.total), against=other.month)

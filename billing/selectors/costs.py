"""What a month cost, by whom: charges split by who held the card when (R13, R66, R68).

Calls cost whom their stamp or attribution names. Monthly fees and other charges are split over the days of the month
by who held the card: the day of a hand-over counts for the receiver, a day nobody held the card for nobody. Whatever
the split, the sum is what the ledger says, to the fen.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from billing.choices import COST_KINDS
from billing.selectors.cost_groups import names_of
from billing.selectors.cost_parts import PARTS, UNSHARED
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import month_start, next_month
from cardfleet.kernel.money import ZERO, split

# With the server's usual few megabytes a large fleet's cards go through the disk. Sent with the statement it is of, it
# holds for that one.
MEMORY = "SET LOCAL work_mem = '64MB'; "


class CostBy(StrEnum):
    """What a cost report is grouped by."""

    TEAM = "team"
    AGENT = "agent"
    CARD = "card"
    CARRIER = "carrier"
    PLAN = "plan"


BY_LABELS = {
    CostBy.TEAM: _("Team"),
    CostBy.AGENT: _("Agent"),
    CostBy.CARD: _("Card"),
    CostBy.CARRIER: _("Carrier"),
    CostBy.PLAN: _("Plan"),
}


@dataclass(frozen=True, kw_only=True)
class CostRow:
    """What one group cost, CNY. `key` is the group's id, None where nobody held the card; `seconds` are outgoing."""

    key: int | None
    name: str = ""
    detail: str = ""
    cards: int = 0
    seconds: int = 0
    monthly: Decimal = ZERO
    calls: Decimal = ZERO
    other: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Everything."""
        return self.monthly + self.calls + self.other

    @property
    def minutes(self) -> int:
        """Outgoing minutes, started ones counted whole over the group."""
        return -(-self.seconds // 60)


@dataclass(frozen=True, kw_only=True)
class CostReport:
    """The rows of a month, dearest first, those of nobody last; `total` is over all, a card counted once.

    `more` are rows that are left out.
    """

    month: date
    by: CostBy
    rows: Sequence[CostRow]
    total: CostRow
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


class _Piece(NamedTuple):
    """A row of the statement: `group` as a whole, `split` for a part of one card, `all` for the number of cards."""

    kind: str
    card_id: int
    key: int | None
    days: int
    visible: bool
    cards: int
    seconds: int
    calls: Decimal
    monthly: Decimal
    other: Decimal


def month_costs(month: date, by: CostBy, *, user: User | None = None) -> CostReport:
    """Return what the month of a day cost, by group; of a person's scope where `user` is given."""
    pieces = list(_pieces(month_start(month), by, user))
    parts = [piece for piece in pieces if piece.kind != "all"]
    groups: dict[int | None, list[_Piece]] = defaultdict(list)
    for part in parts:
        groups[part.key].append(part)
    whole = user is None or user.has_perm("cards.view_full_number")
    named = names_of(by, groups.keys(), whole_numbers=whole)
    rows = [_row(key, *named[key], pieces=found) for key, found in groups.items()]
    rows.sort(key=lambda row: (row.key is None, -row.total, row.name))
    total = replace(_row(None, pieces=parts), cards=sum(piece.cards for piece in pieces if piece.kind == "all"))
    return CostReport(month=month_start(month), by=by, rows=rows, total=total)


def _row(key: int | None, name: str = "", detail: str = "", *, pieces: Sequence[_Piece]) -> CostRow:
    """Return pieces of one group as a row; cards add up, so a piece of a card that is counted has none."""
    return CostRow(
        key=key,
        name=name,
        detail=detail,
        cards=sum(piece.cards for piece in pieces),
        seconds=sum(piece.seconds for piece in pieces),
        monthly=sum((piece.monthly for piece in pieces), ZERO),
        calls=sum((piece.calls for piece in pieces), ZERO),
        other=sum((piece.other for piece in pieces), ZERO),
    )


def _pieces(month: date, by: CostBy, user: User | None) -> Iterator[_Piece]:
    """Yield the pieces in scope, with the charges of cards that several held split."""
    teams = _scope(user)
    shared = list(_shared_charges(month))
    parameters: dict[str, Any] = {
        "month": month,
        "end": next_month(month),
        "teams": teams,
        "shared_cards": [card for card, _amount in shared],
        "shared_amounts": [amount for _card, amount in shared],
    }
    with connection.cursor() as cursor:
        cursor.execute(MEMORY + PARTS[by], parameters)
        found = [_Piece(*row) for row in cursor.fetchall()]
    yield from (piece for piece in found if piece.kind != "split" and piece.visible)
    to_split = (piece for piece in found if piece.kind == "split")
    for _card, parts in groupby(to_split, key=attrgetter("card_id")):
        yield from (piece for piece in _split(list(parts)) if piece.visible)


def _split(parts: list[_Piece]) -> Iterator[_Piece]:
    days = [part.days for part in parts]
    monthly, other = split(parts[0].monthly, days), split(parts[0].other, days)
    for part, fee, rest in zip(parts, monthly, other, strict=True):
        yield _Piece(*part[:-2], fee, rest)


def _scope(user: User | None) -> list[int] | None:
    """Return the teams a person sees, None for all."""
    if user is None or user.has_perm("accounts.view_all_teams"):
        return None
    return list(Team.objects.visible_to(user).values_list("pk", flat=True))


def _shared_charges(month: date) -> Iterator[tuple[int | None, Decimal]]:
    """Yield what a shared account was charged without naming a card, split over its cards by days in it."""
    with connection.cursor() as cursor:
        cursor.execute(UNSHARED, {"month": month, "end": next_month(month)})
        rows = cursor.fetchall()
    for _account, members in groupby(rows, key=lambda row: row[0]):
        listed = list(members)
        amounts = split(listed[0][1], [days for *_rest, days in listed])
        yield from ((card, amount) for (_id, _all, card, _days), amount in zip(listed, amounts, strict=True))


def ledger_total(month: date) -> Decimal:
    """Return what the ledger says a month cost, CNY and positive: what every report of it must add up to."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(r.kind, e.kind), -sum(e.amount) FROM billing_ledgerentry e "
            "LEFT JOIN billing_ledgerentry r ON r.id = e.reverses_id WHERE e.month = %s GROUP BY 1",
            [month_start(month)],
        )
        sums.update(cursor.fetchall())
    return sum((sums[kind] for kind in COST_KINDS), ZERO)

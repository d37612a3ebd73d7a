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
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from billing.selectors.cost_groups import names_of
from billing.selectors.cost_parts import PARTS, UNSHARED
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import month_start, next_month
from cardfleet.kernel.money import ZERO, split


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

    def plus(self, piece: "CostRow") -> "CostRow":
        """Return the row with a piece of the same group added; cards add up, so a piece of a counted card has none."""
        return replace(
            self,
            cards=self.cards + piece.cards,
            seconds=self.seconds + piece.seconds,
            monthly=self.monthly + piece.monthly,
            calls=self.calls + piece.calls,
            other=self.other + piece.other,
        )


@dataclass(frozen=True, kw_only=True)
class CostReport:
    """The rows of a month, dearest first, those of nobody last; `total` is over all, a card counted once."""

    month: date
    by: CostBy
    rows: Sequence[CostRow]
    total: CostRow

    @property
    def first_day(self) -> str:
        """The month as the ledger's filter takes it."""
        return self.month.isoformat()


@dataclass(frozen=True)
class _Piece:
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
    groups: dict[int | None, CostRow] = {}
    total = CostRow(key=None)
    for piece in _pieces(month_start(month), by, user):
        if piece.kind == "all":
            total = replace(total, cards=piece.cards)
            continue
        row = CostRow(
            key=piece.key,
            cards=piece.cards,
            seconds=piece.seconds,
            monthly=piece.monthly,
            calls=piece.calls,
            other=piece.other,
        )
        groups[piece.key] = groups.get(piece.key, CostRow(key=piece.key)).plus(row)
        total = total.plus(replace(row, cards=0))
    whole = user is None or user.has_perm("cards.view_full_number")
    named = names_of(by, groups.keys(), whole_numbers=whole)
    rows = [replace(row, name=named[key][0], detail=named[key][1]) for key, row in groups.items()]
    rows.sort(key=lambda row: (row.key is None, -row.total, row.name))
    return CostReport(month=month_start(month), by=by, rows=rows, total=total)


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
        cursor.execute(PARTS[by], parameters)
        found = [_Piece(*row) for row in cursor.fetchall()]
    yield from (piece for piece in found if piece.kind != "split" and piece.visible)
    to_split = (piece for piece in found if piece.kind == "split")
    for _card, parts in groupby(to_split, key=attrgetter("card_id")):
        yield from (piece for piece in _split(list(parts)) if piece.visible)


def _split(parts: list[_Piece]) -> Iterator[_Piece]:
    days = [part.days for part in parts]
    monthly, other = split(parts[0].monthly, days), split(parts[0].other, days)
    for part, fee, rest in zip(parts, monthly, other, strict=True):
        yield replace(part, monthly=fee, other=rest)


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
    return sum((sums[kind] for kind in ("usage", "monthly_fee", "other_charge", "adjustment")), ZERO)

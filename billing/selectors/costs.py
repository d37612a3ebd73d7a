"""What a month cost, by whom: charges split by who held the card when (R13, R66, R68).

Calls cost whom their stamp or attribution names. Monthly fees and other charges are split over the days of the month
by who held the card: the day of a hand-over counts for the receiver, a day nobody held the card for nobody. Whatever
the split, the sum is what the ledger says, to the fen.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection

from billing.choices import EntryKind
from billing.selectors.cost_groups import names_of
from billing.selectors.cost_parts import KINDS, UNSHARED, statement
from billing.selectors.cost_rows import CostBy, CostReport, CostRow, Key, Part
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import month_start, next_month
from cardfleet.kernel.money import ZERO, split

# With the server's usual few megabytes a large fleet's cards go through the disk. Sent with the statement it is of, it
# holds for that one.
MEMORY = "SET LOCAL work_mem = '64MB'; "


class _Piece(NamedTuple):
    """A row of the statement: `group` as a whole with fees and calls, `kind` for what a group cost of another kind,
    `split` for a part of one card, `all` for the number of cards. `kind` is a place in KINDS, from 1.
    """

    what: str
    card_id: int
    key: Key
    days: int
    visible: bool
    cards: int
    agents: int
    made: int
    seconds: int
    kind: int
    amount: Decimal
    calls: Decimal


def month_costs(month: date, by: CostBy, *, user: User | None = None, part: Part | None = None) -> CostReport:
    """Return what the month of a day cost, by group; of a person's scope where `user` is given, of one group of
    another report where `part` is.
    """
    pieces = list(_pieces(month_start(month), by, user, part))
    parts = [piece for piece in pieces if piece.what != "all"]
    groups: dict[Key, list[_Piece]] = defaultdict(list)
    for piece in parts:
        groups[piece.key].append(piece)
    whole = user is None or user.has_perm("cards.view_full_number")
    named = names_of(by, groups.keys(), whole_numbers=whole)
    rows = [_row(key, *named[key], pieces=found) for key, found in groups.items()]
    rows.sort(key=lambda row: (row.key is None, -row.total, row.name))
    counted = next(piece for piece in pieces if piece.what == "all")
    total = replace(_row(None, pieces=parts), cards=counted.cards, agents=counted.agents)
    return CostReport(month=month_start(month), by=by, rows=rows, total=total, part=part)


def _row(key: Key, name: str = "", detail: str = "", *, pieces: Sequence[_Piece]) -> CostRow:
    """Return pieces of one group as a row; cards add up, so a piece of a card that is counted has none."""
    kinds: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for piece in pieces:
        kinds[KINDS[piece.kind - 1]] += piece.amount
        kinds[EntryKind.USAGE] += piece.calls
    return CostRow(
        key=key,
        name=name,
        detail=detail,
        cards=sum(piece.cards for piece in pieces),
        agents=sum(piece.agents for piece in pieces),
        made=sum(piece.made for piece in pieces),
        seconds=sum(piece.seconds for piece in pieces),
        kinds=dict(kinds),
    )


def _pieces(month: date, by: CostBy, user: User | None, part: Part | None) -> Iterator[_Piece]:
    """Yield the pieces in scope, with the charges of cards that several held split."""
    shared, teams = list(_shared_charges(month)), teams_seen(user)
    parameters: dict[str, Any] = {
        "month": month,
        "end": next_month(month),
        "teams": teams,
        "of_key": part.key if part else None,
        "shared_cards": [card for card, _kind, _amount in shared],
        "shared_kinds": [kind for _card, kind, _amount in shared],
        "shared_amounts": [amount for _card, _kind, amount in shared],
    }
    with connection.cursor() as cursor:
        cursor.execute(MEMORY + statement(by, part.of if part else None, all_teams=teams is None), parameters)
        found = [_Piece(*row) for row in cursor.fetchall()]
    yield from (piece for piece in found if piece.what != "split" and piece.visible)
    to_split = (piece for piece in found if piece.what == "split")
    for _card, parts in groupby(to_split, key=attrgetter("card_id", "kind")):
        yield from (piece for piece in _split(list(parts)) if piece.visible)


def _split(parts: list[_Piece]) -> Iterator[_Piece]:
    amounts = split(parts[0].amount, [part.days for part in parts])
    yield from (_Piece(*part[:-2], amount, part.calls) for part, amount in zip(parts, amounts, strict=True))


def teams_seen(user: User | None) -> list[int] | None:
    """Return the teams a person sees, None for all."""
    if user is None or user.has_perm("accounts.view_all_teams"):
        return None
    return list(Team.objects.visible_to(user).values_list("pk", flat=True))


def _shared_charges(month: date) -> Iterator[tuple[int | None, int, Decimal]]:
    """Yield what a shared account was charged without naming a card, by kind, split over its cards by days in it."""
    with connection.cursor() as cursor:
        cursor.execute(UNSHARED, {"month": month, "end": next_month(month)})
        rows = cursor.fetchall()
    for (_account, kind), members in groupby(rows, key=lambda row: row[:2]):
        listed = list(members)
        amounts = split(listed[0][2], [days for *_rest, days in listed])
        yield from ((card, kind, amount) for (*_all, card, _days), amount in zip(listed, amounts, strict=True))


def ledger_total(month: date) -> Decimal:
    """Return what the ledger says a month cost, CNY and positive: what every report of it must add up to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(r.kind, e.kind), -sum(e.amount) FROM billing_ledgerentry e "
            "LEFT JOIN billing_ledgerentry r ON r.id = e.reverses_id WHERE e.month = %s GROUP BY 1",
            [month_start(month)],
        )
        return sum((amount for kind, amount in cursor.fetchall() if kind in KINDS), ZERO)

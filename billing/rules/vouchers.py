"""Lines of the company's books from what a month cost: debit equals credit, or there are none (R13)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cardfleet.kernel.money import ZERO

NAMES = ("month", "kind", "team")


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """Where amounts of a kind go: `tax` is empty where VAT is part of the cost."""

    debit: str
    credit: str
    tax: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Amount:
    """What a team's cards cost of one kind, CNY with VAT; `net` is without it. `team` and `centre` may be empty."""

    kind: str
    gross: Decimal
    net: Decimal
    team: str = ""
    centre: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a voucher: one of `debit` and `credit` is zero. An amount taken back stands below zero (红字)."""

    kind: str
    text: str
    account: str
    team: str = ""
    centre: str = ""
    debit: Decimal = ZERO
    credit: Decimal = ZERO


def lines_of(
    amounts: Iterable[Amount], *, accounts: Mapping[str, Accounts], words: Mapping[str, str], month: str
) -> list[Line]:
    """Return the lines of a month: debits by team, kind by kind, each kind followed by its credit.

    `accounts` and `words` are by kind.
    """
    by_kind: dict[str, list[Amount]] = {}
    for amount in amounts:
        if amount.gross:
            by_kind.setdefault(amount.kind, []).append(amount)
    return [
        line
        for kind, found in by_kind.items()
        for line in _of_kind(kind, found, accounts[kind], {"month": month, "kind": words[kind]})
    ]


def _of_kind(kind: str, amounts: Sequence[Amount], to: Accounts, named: Mapping[str, str]) -> Iterator[Line]:
    for amount in amounts:
        text = _said(to.text, named, amount.team)
        net = amount.net if to.tax else amount.gross
        yield Line(kind=kind, text=text, account=to.debit, team=amount.team, centre=amount.centre, debit=net)
        if amount.gross != net:
            yield Line(kind=kind, text=text, account=to.tax, debit=amount.gross - net)
    whole = sum((amount.gross for amount in amounts), ZERO)
    if whole:
        yield Line(kind=kind, text=_said(to.text, named, ""), account=to.credit, credit=whole)


def _said(text: str, named: Mapping[str, str], team: str) -> str:
    return text.format(**named, team=team).strip()


def sums(lines: Iterable[Line]) -> tuple[Decimal, Decimal]:
    """Return debit and credit."""
    listed = list(lines)
    return sum((line.debit for line in listed), ZERO), sum((line.credit for line in listed), ZERO)


def is_usable(text: str) -> bool:
    """Return whether a text of lines names only what there is."""
    try:
        text.format(**dict.fromkeys(NAMES, ""))
    except (KeyError, IndexError, ValueError, AttributeError):
        return False
    return True

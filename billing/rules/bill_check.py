"""The three-way check of a bill: what was billed, what the carrier's detail says, what we reckon (R27, R82).

Pure. Each fen of a difference is explained once, by the surest cause first; a side that says nothing (None) is not
checked against, so a month without details is never called wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from billing.choices import REMARKS, BillItem, DifferenceKind
from billing.rules.bill_calls import Call, doubled, overcharged, unlisted
from cardfleet.kernel.money import ZERO

# More calls than one may each be rounded by half a fen; beyond it a difference is more than rounding.
ROUNDING = Decimal("0.05")
USE = frozenset({BillItem.VOICE, BillItem.SMS, BillItem.DATA})
SERVICES = frozenset({BillItem.VALUE_ADDED, BillItem.AGENCY})


@dataclass(frozen=True, kw_only=True)
class Billed:
    """A line of a bill, CNY. `stated` is the total its row states, on the first line of the row."""

    item: BillItem
    text: str
    amount: Decimal
    month: date
    stated: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class CardSide:
    """What is known of a card in the month, beside the bill.

    `fee` is the monthly fee we reckon (None: no price is known), `other_fees` those of the carrier's other plans by
    name. `is_served`: in service on any day; `ended_on`: cancelled before the month. `listed` is the sum of the
    carrier's detail (None: not imported), `is_used` whether anybody saw a call. `detail` and `heard` are the carrier's
    calls and our own where they have to be looked at; `prices_calls` tells whether our rating has a price. `carried`
    is what the month before left unbilled, `services` names what was accepted before, `minimum` is the least spend.
    `used` is what messages and data cost by what was counted, for items of which something was.
    """

    fee: Decimal | None = None
    other_fees: Mapping[str, Decimal] = field(default_factory=dict)
    is_served: bool = True
    ended_on: date | None = None
    listed: Decimal | None = None
    is_used: bool = False
    detail: Sequence[Call] = ()
    heard: Sequence[Call] = ()
    prices_calls: bool = True
    carried: Decimal = ZERO
    services: frozenset[str] = frozenset()
    minimum: Decimal | None = None
    used: Mapping[BillItem, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is wrong with a card's part of a bill. `amount` is how much is billed too much, CNY."""

    kind: DifferenceKind
    item: BillItem | None
    billed: Decimal
    amount: Decimal
    detail: Decimal | None = None
    expected: Decimal | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def check_card(lines: Sequence[Billed], side: CardSide | None, month: date) -> list[Difference]:
    """Return what is wrong with the lines of one card; `side` None: the number is no card of ours."""
    if side is None:
        billed = sum((line.amount for line in lines), ZERO)
        kind = DifferenceKind.UNKNOWN_CARD
        return [Difference(kind=kind, item=None, billed=billed, expected=ZERO, amount=billed)]
    own, found = _of_the_month(lines, month)
    if side.ended_on is not None:
        return found + list(_after_the_end(own, side.ended_on))
    found += _fee(own, side)
    found += _voice(own, side)
    found += _used(own, side)
    found += _services(own, side)
    found += _minimum(own, side)
    return found


def check_account(lines: Sequence[Billed], month: date) -> list[Difference]:
    """Return what is wrong with lines of no card but of the whole account; a late fee is checked by itself."""
    _own, found = _of_the_month(lines, month)
    return found


def check_total(stated: Decimal | None, by_number: Iterable[Sequence[Billed]]) -> list[Difference]:
    """Return where the total of a whole bill is not the sum of what the rows of each number state, else of its items.

    `by_number` are the lines of each number, those of the whole account among them.
    """
    if stated is None:
        return []
    summed = sum(map(_stated_or_summed, by_number), ZERO)
    if stated == summed:
        return []
    kind = DifferenceKind.ITEMS_DO_NOT_ADD_UP
    return [Difference(kind=kind, item=None, billed=stated, expected=summed, amount=stated - summed)]


def too_much(differences: Sequence[Difference]) -> Decimal:
    """Return by how much a bill is too high; what only asks for a look is left out."""
    return sum((one.amount for one in differences if one.kind not in REMARKS), ZERO)


def _of_the_month(lines: Sequence[Billed], month: date) -> tuple[list[Billed], list[Difference]]:
    """Return the lines of the month itself, and what the lines show by themselves: doubles, earlier months, sums."""
    found = [*_wrong_sum(lines)]
    once, twice = _split_doubled(lines)
    found += [_beyond(DifferenceKind.DOUBLE_BILLING, line, text=line.text) for line in twice]
    earlier = [line for line in once if line.month < month]
    late = DifferenceKind.LATE_FROM_MONTH_BEFORE
    found += [_beyond(late, line, month=f"{line.month:%Y-%m}") for line in earlier]
    return [line for line in once if line.month >= month], found


def _stated_or_summed(lines: Sequence[Billed]) -> Decimal:
    stated = [line.stated for line in lines if line.stated is not None]
    return sum(stated, ZERO) if stated else sum((line.amount for line in lines), ZERO)


def _wrong_sum(lines: Sequence[Billed]) -> Iterator[Difference]:
    stated = [line.stated for line in lines if line.stated is not None]
    billed, total = sum((line.amount for line in lines), ZERO), sum(stated, ZERO)
    if stated and total != billed:
        kind = DifferenceKind.ITEMS_DO_NOT_ADD_UP
        yield Difference(kind=kind, item=None, billed=total, expected=billed, amount=total - billed)


def _split_doubled(lines: Sequence[Billed]) -> tuple[list[Billed], list[Billed]]:
    """Return the lines once, and those that repeat one before."""
    seen: set[Billed] = set()
    once: list[Billed] = []
    twice: list[Billed] = []
    for line in lines:
        plain = replace(line, stated=None)
        (twice if plain in seen and line.amount > ZERO else once).append(line)
        seen.add(plain)
    return once, twice


def _beyond(kind: DifferenceKind, line: Billed, **evidence: Any) -> Difference:
    return Difference(
        kind=kind, item=line.item, billed=line.amount, expected=ZERO, amount=line.amount, evidence=evidence
    )


def _after_the_end(lines: Sequence[Billed], ended_on: date) -> Iterator[Difference]:
    for item, amount in _sums(lines).items():
        if amount > ZERO:
            yield Difference(
                kind=DifferenceKind.CHARGED_AFTER_CANCELLATION,
                item=item,
                billed=amount,
                expected=ZERO,
                amount=amount,
                evidence={"ended_on": ended_on.isoformat()},
            )


def _sums(lines: Sequence[Billed]) -> dict[BillItem, Decimal]:
    sums: dict[BillItem, Decimal] = {}
    for line in lines:
        sums[line.item] = sums.get(line.item, ZERO) + line.amount
    return sums


def _fee(lines: Sequence[Billed], side: CardSide) -> Iterator[Difference]:
    """Compare the fixed fee with what the plan asks for in this month."""
    billed = _sums(lines).get(BillItem.MONTHLY_FEE, ZERO)
    if side.fee is None:
        return
    gap = billed - side.fee
    plan = next((name for name, fee in side.other_fees.items() if fee == billed), "")
    if not gap:
        if billed and side.listed is not None and not side.is_used:
            kind = DifferenceKind.UNUSED_CARD
            yield Difference(kind=kind, item=BillItem.MONTHLY_FEE, billed=billed, expected=side.fee, amount=ZERO)
        return
    evidence = {}
    if not side.is_served and gap > ZERO:
        kind = DifferenceKind.CHARGED_WHILE_STOPPED
    elif plan and billed:
        kind, evidence = DifferenceKind.WRONG_PLAN, {"plan": plan}
    else:
        kind = DifferenceKind.WRONG_FEE if gap > ZERO else DifferenceKind.BILLED_TOO_LITTLE
    yield Difference(
        kind=kind, item=BillItem.MONTHLY_FEE, billed=billed, expected=side.fee, amount=gap, evidence=evidence
    )


def _voice(lines: Sequence[Billed], side: CardSide) -> Iterator[Difference]:
    """Compare what calls cost with the carrier's detail, and each call of it with our own rating and records."""
    billed = _sums(lines).get(BillItem.VOICE, ZERO)
    if side.listed is None:
        return
    if billed and not side.is_used and not side.carried:
        kind = DifferenceKind.ZERO_USE_CHARGED
        yield Difference(kind=kind, item=BillItem.VOICE, billed=billed, detail=ZERO, expected=ZERO, amount=billed)
        return
    twice = doubled(side.detail)
    for call in twice:
        yield _of_call(DifferenceKind.DUPLICATE_CALL, call, ZERO)
    if side.prices_calls:
        again = set(map(id, twice))
        for call, right in overcharged([call for call in side.detail if id(call) not in again], side.heard):
            yield _of_call(DifferenceKind.CALL_OVERCHARGED, call, right)
    yield from _gap(billed, side.listed, side)


def _of_call(kind: DifferenceKind, call: Call, right: Decimal) -> Difference:
    return Difference(
        kind=kind,
        item=BillItem.VOICE,
        billed=call.fee,
        detail=call.fee,
        expected=right,
        amount=call.fee - right,
        evidence={"calls": [call.started_at.isoformat()], "seconds": call.seconds},
    )


def _gap(billed: Decimal, listed: Decimal, side: CardSide) -> Iterator[Difference]:
    """Explain what is billed beside the detail: rounding, calls late from the month before, calls nobody lists."""
    gap = billed - listed
    if not gap:
        return
    voice = Difference(
        kind=DifferenceKind.ROUNDING, item=BillItem.VOICE, billed=billed, detail=listed, expected=listed, amount=gap
    )
    if abs(gap) <= ROUNDING:
        yield voice
        return
    if gap < ZERO:
        yield replace(voice, kind=DifferenceKind.BILLED_TOO_LITTLE)
        return
    late = min(gap, side.carried)
    if late > ZERO:
        yield replace(voice, kind=DifferenceKind.LATE_FROM_MONTH_BEFORE, amount=late)
    if gap - late > ROUNDING:
        calls = [call.started_at.isoformat() for call in unlisted(side.detail, side.heard)]
        kind = DifferenceKind.CALL_MISSING_IN_DETAIL
        yield replace(voice, kind=kind, amount=gap - late, evidence={"calls": calls[:5]} if calls else {})


def _used(lines: Sequence[Billed], side: CardSide) -> Iterator[Difference]:
    """Compare what messages and data cost with what was counted of them."""
    sums = _sums(lines)
    for item, right in side.used.items():
        billed = sums.get(item, ZERO)
        gap = billed - right
        if not gap:
            continue
        kind = DifferenceKind.USE_OVERCHARGED if gap > ZERO else DifferenceKind.BILLED_TOO_LITTLE
        kind = DifferenceKind.ROUNDING if abs(gap) <= ROUNDING else kind
        yield Difference(kind=kind, item=item, billed=billed, expected=right, amount=gap)


def _services(lines: Sequence[Billed], side: CardSide) -> Iterator[Difference]:
    """Name services of others that were on no bill of this card that was accepted."""
    for line in lines:
        if line.item in SERVICES and line.amount > ZERO and line.text not in side.services:
            yield _beyond(DifferenceKind.UNORDERED_VALUE_ADDED, line, text=line.text)


def _minimum(lines: Sequence[Billed], side: CardSide) -> Iterator[Difference]:
    """Compare the top-up to the minimum spend with what lacks of it."""
    sums = _sums(lines)
    billed = sums.get(BillItem.MINIMUM, ZERO)
    if side.minimum is None or not billed:
        return
    spent = sum((amount for item, amount in sums.items() if item in {*USE, BillItem.MONTHLY_FEE}), ZERO)
    right = max(side.minimum - spent, ZERO)
    if billed > right:
        kind = DifferenceKind.WRONG_FEE
        yield Difference(kind=kind, item=BillItem.MINIMUM, billed=billed, expected=right, amount=billed - right)

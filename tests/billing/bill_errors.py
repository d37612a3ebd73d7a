"""Errors drawn at random and worked into a right month of bills. Knows nothing of the check.

Each is worked into lines or calls and written down: whose, which kind, how much.
"""

import random
from datetime import timedelta
from decimal import Decimal

from tests.billing.bill_month import (
    BEFORE,
    FEE,
    MONTH,
    PER_MESSAGE,
    PER_MINUTE,
    PLANS,
    SMS,
    VOICE,
    BillMonth,
    Line,
    PhoneCall,
    Sim,
    drawn,
)

ON_FEE = ["wrong_fee", "wrong_plan", "charged_while_stopped"]
ON_CALLS = ["call_missing_in_detail", "call_overcharged", "duplicate_call", "late_from_month_before"]
ON_USE = ["use_overcharged"]
ON_ROWS = ["double_billing", "items_do_not_add_up"]
ON_BILL = ["late_fee_too_high"]
ON_CARD = ["zero_use_charged", "charged_after_cancellation", "unknown_card"]
KINDS = [*ON_FEE, *ON_CALLS, *ON_USE, *ON_ROWS, *ON_CARD, *ON_BILL]


def make(seed: int, *, cards: int, errors: int) -> BillMonth:
    """Return a month; the same seed gives the same."""
    dice = random.Random(seed)
    month = drawn(dice, cards=cards)
    sims, made = month.sims, month.errors
    while len(made) < errors:
        kind = dice.choice(KINDS)
        if kind in ON_BILL:
            made |= _late_fee(dice, month)
            continue
        for sim in dice.sample(sims, len(sims)):
            amount = WAYS[kind](dice, sim) if _fits(kind, sim) else None
            if amount:
                made.add((sim.number, kind, amount))
                sim.touched.add(kind)
                break
    return month


def _fits(kind: str, sim: Sim) -> bool:
    """Tell whether an error leaves those that are there recognisable: one of each family, and none beside a card's."""
    if sim.touched & set(ON_CARD) or (kind in ON_CARD and sim.touched):
        return False
    return not any(kind in family and sim.touched & set(family) for family in (ON_FEE, ON_CALLS, ON_USE, ON_ROWS))


def _wrong_fee(dice: random.Random, sim: Sim) -> Decimal | None:
    line = sim.line(FEE)
    extra = Decimal(dice.randint(11, 900)) / 100
    if line is None or line.amount + extra in PLANS.values():
        return None
    line.amount += extra
    return extra


def _wrong_plan(dice: random.Random, sim: Sim) -> Decimal | None:
    line = sim.line(FEE)
    dearer = [fee for fee in PLANS.values() if line and fee > line.amount]
    if line is None or not dearer:
        return None
    extra = dice.choice(dearer) - line.amount
    line.amount += extra
    return extra


def _while_stopped(_dice: random.Random, sim: Sim) -> Decimal | None:
    if not sim.stopped:
        return None
    sim.lines.append(Line(FEE, PLANS[sim.plan]))
    return PLANS[sim.plan]


def _missing(dice: random.Random, sim: Sim) -> Decimal | None:
    if len(sim.listed) < 2:
        return None
    gone = sim.listed.pop(dice.randrange(len(sim.listed)))
    noise = sum((call.fee for call in sim.listed), Decimal(0)) + gone.fee - sim.line(VOICE).amount
    return gone.fee - noise


def _overcharged(dice: random.Random, sim: Sim) -> Decimal | None:
    if not sim.listed:
        return None
    call, extra = dice.choice(sim.listed), PER_MINUTE * dice.randint(1, 5)
    call.fee += extra
    sim.voice(extra)
    return extra


def _duplicate(dice: random.Random, sim: Sim) -> Decimal | None:
    if not sim.listed:
        return None
    call = dice.choice(sim.listed)
    later = call.at + timedelta(seconds=dice.randint(0, min(3, call.seconds - 1)))
    sim.listed.append(PhoneCall(later, call.to, call.seconds, call.fee, call.right))
    sim.voice(call.fee)
    return call.fee


def _messages(dice: random.Random, sim: Sim) -> Decimal | None:
    line, extra = sim.line(SMS), PER_MESSAGE * dice.randint(1, 20)
    if line is None:
        return None
    line.amount += extra
    return extra


def _late(dice: random.Random, sim: Sim) -> Decimal | None:
    """The month before left calls unbilled that stand on this bill: in a line of their own, or among the calls."""
    amount = PER_MINUTE * dice.randint(2, 40)
    if dice.random() < 0.5:
        sim.lines.append(Line(VOICE, amount, BEFORE))
        return amount
    if not sim.listed or sim.line(VOICE).amount != sum((call.fee for call in sim.listed), Decimal(0)):
        return None
    sim.carried = amount
    sim.voice(amount)
    return amount


def _double(dice: random.Random, sim: Sim) -> Decimal | None:
    lines = [line for line in sim.lines if line.amount > 0 and line.month == MONTH]
    if not lines or "charged_while_stopped" in sim.touched:
        return None
    line = dice.choice(lines)
    sim.lines.append(Line(line.name, line.amount))
    sim.touched |= {"wrong_fee", "call_overcharged", "use_overcharged"}
    return line.amount


def _sum(dice: random.Random, sim: Sim) -> Decimal | None:
    if not sim.lines:
        return None
    sim.stated_beside = Decimal(dice.randint(20, 2000)) / 100
    return sim.stated_beside


def _zero_use(dice: random.Random, sim: Sim) -> Decimal | None:
    if sim.listed or sim.stopped:
        return None
    amount = PER_MINUTE * dice.randint(1, 50)
    sim.voice(amount)
    return amount


def _after_end(_dice: random.Random, sim: Sim) -> Decimal | None:
    fee = sim.line(FEE)
    if fee is None:
        return None
    sim.ended, sim.lines, sim.listed, sim.heard = True, [fee], [], []
    return fee.amount


def _late_fee(dice: random.Random, month: BillMonth) -> set[tuple[str, str, Decimal]]:
    """Ask for a higher late fee, once: a bill has one."""
    if month.late_fee_beside:
        return set()
    month.late_fee_beside = Decimal(dice.randint(50, 9000)) / 100
    return {("", "late_fee_too_high", month.late_fee_beside)}


def _unknown(_dice: random.Random, sim: Sim) -> Decimal | None:
    if not sim.lines:
        return None
    sim.is_ours = False
    return sum((line.amount for line in sim.lines), Decimal(0))


WAYS = {
    "wrong_fee": _wrong_fee,
    "wrong_plan": _wrong_plan,
    "charged_while_stopped": _while_stopped,
    "call_missing_in_detail": _missing,
    "call_overcharged": _overcharged,
    "duplicate_call": _duplicate,
    "late_from_month_before": _late,
    "use_overcharged": _messages,
    "double_billing": _double,
    "items_do_not_add_up": _sum,
    "zero_use_charged": _zero_use,
    "charged_after_cancellation": _after_end,
    "unknown_card": _unknown,
}

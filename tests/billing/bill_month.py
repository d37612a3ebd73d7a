"""A month of bills as a carrier might send them, with errors drawn at random. Knows nothing of the check.

Each card has a plan, calls that our exchange and the carrier saw, and lines that follow from them; then errors are
worked into lines or calls, and written down: whose, which kind, how much.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

MONTH = date(2026, 10, 1)
BEFORE = date(2026, 9, 1)
SHANGHAI = timezone(timedelta(hours=8))
PLANS = {"飞享18": Decimal(18), "飞享38": Decimal(38), "飞享58": Decimal(58), "商务99": Decimal(99)}
PER_MINUTE, PER_MESSAGE = Decimal("0.19"), Decimal("0.10")
FEE, VOICE, SMS, SERVICE, DISCOUNT = "套餐及固定费", "套餐外语音通信费", "套餐外短彩信费", "增值业务费", "优惠减免"

ON_FEE = ["wrong_fee", "wrong_plan", "charged_while_stopped"]
ON_CALLS = ["call_missing_in_detail", "call_overcharged", "duplicate_call", "late_from_month_before"]
ON_USE = ["use_overcharged"]
ON_ROWS = ["double_billing", "items_do_not_add_up"]
ON_CARD = ["zero_use_charged", "charged_after_cancellation", "unknown_card"]
KINDS = [*ON_FEE, *ON_CALLS, *ON_USE, *ON_ROWS, *ON_CARD]


@dataclass
class PhoneCall:
    """A call as one side wrote it down: minutes begun times the price is its fee."""

    at: datetime
    to: str
    seconds: int
    fee: Decimal
    right: Decimal


@dataclass
class Line:
    """A line of the bill; `month` is what it is about."""

    name: str
    amount: Decimal
    month: date = MONTH


@dataclass
class Sim:
    """A card of the month: what holds of it, what the carrier lists and bills, what our exchange heard."""

    number: str
    plan: str
    is_ours: bool = True
    ended: bool = False
    stopped: bool = False
    lines: list[Line] = field(default_factory=list)
    listed: list[PhoneCall] = field(default_factory=list)
    heard: list[PhoneCall] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    messages: int = 0
    carried: Decimal = Decimal(0)
    stated_beside: Decimal = Decimal(0)
    touched: set[str] = field(default_factory=set)

    def line(self, name: str) -> Line | None:
        return next((one for one in self.lines if one.name == name), None)

    def voice(self, amount: Decimal) -> None:
        """Add to what calls cost on the bill."""
        line = self.line(VOICE)
        if line:
            line.amount += amount
        else:
            self.lines.append(Line(VOICE, amount))

    @property
    def stated(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0)) + self.stated_beside


@dataclass
class BillMonth:
    """The cards and the errors that are in them: number, kind, amount."""

    sims: list[Sim]
    errors: set[tuple[str, str, Decimal]]


def make(seed: int, *, cards: int, errors: int) -> BillMonth:
    """Return a month; the same seed gives the same."""
    dice = random.Random(seed)
    sims = [_sim(dice, index) for index in range(cards)]
    made: set[tuple[str, str, Decimal]] = set()
    while len(made) < errors:
        kind = dice.choice(KINDS)
        for sim in dice.sample(sims, len(sims)):
            amount = WAYS[kind](dice, sim) if _fits(kind, sim) else None
            if amount:
                made.add((sim.number, kind, amount))
                sim.touched.add(kind)
                break
    return BillMonth(sims, made)


def _fits(kind: str, sim: Sim) -> bool:
    """Tell whether an error leaves those that are there recognisable: one of each family, and none beside a card's."""
    if sim.touched & set(ON_CARD) or (kind in ON_CARD and sim.touched):
        return False
    return not any(kind in family and sim.touched & set(family) for family in (ON_FEE, ON_CALLS, ON_USE, ON_ROWS))


def _sim(dice: random.Random, index: int) -> Sim:
    plan = dice.choice(list(PLANS))
    sim = Sim(number=f"+86138{index:08}", plan=plan, stopped=dice.random() < 0.05)
    if not sim.stopped:
        sim.lines.append(Line(FEE, PLANS[plan]))
        if dice.random() < 0.9:
            _talk(dice, sim)
    if dice.random() < 0.1:
        sim.services.add("视频彩铃")
        sim.lines.append(Line("视频彩铃", Decimal(6)))
    if dice.random() < 0.1:
        sim.messages = dice.randint(1, 30)
        sim.lines.append(Line(SMS, PER_MESSAGE * sim.messages))
    if dice.random() < 0.1:
        sim.lines.append(Line(DISCOUNT, -Decimal(dice.randint(1, 9))))
    return sim


def _talk(dice: random.Random, sim: Sim) -> None:
    at = datetime(2026, 10, 1, 9, tzinfo=SHANGHAI)
    for _turn in range(dice.randint(3, 14)):
        at += timedelta(hours=dice.randint(1, 48), seconds=dice.randint(0, 3000))
        if at.month != MONTH.month:
            break
        call = _call(dice, at)
        sim.listed.append(call)
        if dice.random() < 0.7:
            late = timedelta(seconds=dice.randint(-20, 20))
            sim.heard.append(
                PhoneCall(call.at + late, call.to, call.seconds + dice.randint(0, 3), Decimal(0), call.right)
            )
    sim.voice(sum((call.fee for call in sim.listed), Decimal(0)))
    if dice.random() < 0.05:
        sim.voice(Decimal(dice.choice([-2, -1, 1, 2])) / 100)


def _call(dice: random.Random, at: datetime) -> PhoneCall:
    seconds = dice.randint(5, 600)
    fee = PER_MINUTE * (-(-seconds // 60))
    return PhoneCall(at, f"+86139{dice.randint(0, 99999999):08}", seconds, fee, fee)


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

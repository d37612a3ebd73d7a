"""A month of bills as a carrier might send them, still right. Knows nothing of the check.

Each card has a plan, calls that our exchange and the carrier saw, and lines that follow from them.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

MONTH = date(2026, 10, 1)
BEFORE = date(2026, 9, 1)
SHANGHAI = timezone(timedelta(hours=8))
PLANS = {"飞享18": Decimal(18), "飞享38": Decimal(38), "飞享58": Decimal(58), "商务99": Decimal(99)}
PER_MINUTE, PER_MESSAGE = Decimal("0.19"), Decimal("0.10")
FEE, VOICE, SMS, SERVICE, DISCOUNT = "套餐及固定费", "套餐外语音通信费", "套餐外短彩信费", "增值业务费", "优惠减免"
LATE_FEE = "违约金"
DUE_ON, PAID_ON = date(2026, 10, 20), date(2026, 10, 24)  # of the bill before: four days late


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
    """The cards and the errors that are in them: number, kind, amount. A late fee is the whole bill's."""

    sims: list[Sim]
    errors: set[tuple[str, str, Decimal]]
    late_fee_beside: Decimal = Decimal(0)

    @property
    def before(self) -> dict[str, Decimal]:
        """What the bill before asked by number: the fee of each of our cards that was in service."""
        return {sim.number: PLANS[sim.plan] for sim in self.sims if sim.is_ours and not sim.stopped}

    @property
    def asked_late_fee(self) -> Sim:
        """The card under whose number the late fee stands."""
        return next(sim for sim in self.sims if sim.is_ours and not sim.ended)

    @property
    def late_fee(self) -> Decimal:
        """What is asked because the bill before was paid late: 3 yuan of 1,000 a day, and what is asked beyond."""
        owed = sum(self.before.values(), Decimal(0)) * 3 * (PAID_ON - DUE_ON).days / 1000
        return owed.quantize(Decimal("0.01"), ROUND_HALF_UP) + self.late_fee_beside


def drawn(dice: random.Random, *, cards: int) -> BillMonth:
    """Return a month without errors."""
    return BillMonth([_sim(dice, index) for index in range(cards)], set())


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

"""The rating of a card's month written a second time, slowly and apart from the product: day by day, call by call.

Nothing of `billing.rules` is used. A price is a dict with the names of `PlanPrice` and `minimum_spend`, its days `from`
and `to` (not included, or None). Amounts are Fractions, rounded half up to the fen where a carrier does.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Price = Mapping[str, Any]
CHINA = ZoneInfo("Asia/Shanghai")
IN_SERVICE = {"active", "half_stop", "cancel_pending"}
GONE = {"cancelled", "frozen", "released", "ported_out", "transferred"}


@dataclass
class SlowCall:
    """A call that counts; `fee` where its carrier said one."""

    at: datetime
    out: bool
    seconds: int
    fee: Fraction | None = None
    order: int = 0


@dataclass
class SlowMonth:
    """A card's month. `plans` are (first day, prices or None for no plan); `states` (moment, state), the first before
    the month."""

    first: date
    plans: list[tuple[date, list[Price] | None]]
    states: list[tuple[datetime, str]]
    calls: list[SlowCall]
    activated: date | None = None
    sms: int = 0
    data: Fraction = Fraction(0)
    sms_fee: Fraction | None = None
    data_fee: Fraction | None = None
    over: bool = True


@dataclass
class Result:
    """Fen-exact amounts by kind."""

    fee: Fraction = Fraction(0)
    calls: Fraction = Fraction(0)
    sms: Fraction = Fraction(0)
    data: Fraction = Fraction(0)
    minimum: Fraction = Fraction(0)
    each: list[Fraction] = field(default_factory=list)


def fen(amount: Fraction) -> Fraction:
    """Half up to the fen; amounts are not negative."""
    return Fraction(int(amount * 100 + Fraction(1, 2)), 100)


def days_of(month: date) -> list[date]:
    """The days of a month."""
    return [month.replace(day=number) for number in range(1, monthrange(month.year, month.month)[1] + 1)]


def plan_on(month: SlowMonth, day: date) -> int | None:
    """The place of the plan a card has on a day; the first also counts before its day."""
    place = 0
    for number, (starts, _prices) in enumerate(month.plans):
        if starts <= day:
            place = number
    return place if month.plans and month.plans[place][1] is not None else None


def in_force(prices: Iterable[Price], day: date) -> Price | None:
    """The price in force on a day."""
    for price in prices:
        if price["from"] <= day and (price["to"] is None or day < price["to"]):
            return price
    return None


def kind_of(month: SlowMonth, day: date) -> str:
    """What a day was: before, after, served, voluntary or stopped."""
    starts = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    ends = starts + timedelta(days=1)
    if month.activated and day < month.activated:
        return "before"
    if any(state in GONE and at <= starts for at, state in month.states):
        return "after"
    during = set()
    for number, (at, state) in enumerate(month.states):
        until = month.states[number + 1][0] if number + 1 < len(month.states) else None
        if at < ends and (until is None or until > starts) and at != until:
            during.add(state)
    if during & IN_SERVICE:
        return "served"
    return "voluntary" if "voluntary_stop" in during else "stopped"


def paid(month: SlowMonth, place: int, price: Price) -> tuple[Fraction, Fraction, Fraction]:
    """Which share of a month counts for bundle and for fee, and the money of a voluntary stop, on one plan."""
    rules = {"before": "first_month", "after": "last_month", "voluntary": "stopped", "stopped": "stopped"}
    all_days = days_of(month.first)
    bundle, served, idle, waived = 0, 0, 0, False
    for day in all_days:
        rule = "whole"
        if plan_on(month, day) != place:
            rule = price["changed"]
        else:
            kind = kind_of(month, day)
            if kind == "voluntary" and price["voluntary_stop_fee"] is None:
                kind = "served"
            idle += kind == "voluntary"
            served += kind == "served"
            if kind != "served":
                rule = price[rules[kind]]
        bundle += rule == "whole"
        waived = waived or rule == "none"
    whole = Fraction(len(all_days))
    extra = Fraction(0)
    if idle and price["stopped"] == "days":
        extra = Fraction(price["voluntary_stop_fee"]) * idle / whole
    elif idle and not served:
        extra = Fraction(price["voluntary_stop_fee"])
    if not served:
        return Fraction(0), Fraction(0), extra
    share = Fraction(bundle) / whole
    return share, Fraction(0) if waived else share, extra


def rate(month: SlowMonth) -> Result:
    """Rate a month, one call after another."""
    result, minimum = Result(), Fraction(0)
    sms_left, data_left, last = 0, 0, None
    all_days = days_of(month.first)
    for place in sorted({place for place in (plan_on(month, day) for day in all_days) if place is not None}):
        prices = month.plans[place][1] or []
        own = [day for day in all_days if plan_on(month, day) == place]
        terms = next((price for price in (in_force(prices, day) for day in own) if price), None)
        left = 0
        if terms:
            bundle, share, extra = paid(month, place, terms)
            result.fee += fen(Fraction(terms["monthly_fee"]) * share + extra)
            minimum += Fraction(terms["minimum_spend"]) * share
            up = [-(-bundle * terms[f"included_{name}"] // 1) for name in ("minutes", "sms", "data_mb")]
            left, sms_left, data_left = up[0] * 60, sms_left + up[1], data_left + up[2]
        last = in_force(prices, own[-1]) or terms
        for call in sorted(month.calls, key=lambda call: (call.at, call.order)):
            if call.at.astimezone(CHINA).date() in own:
                left = one_call(result, call, in_force(prices, call.at.astimezone(CHINA).date()), left)
    result.sms, result.data = month.sms_fee or Fraction(0), month.data_fee or Fraction(0)
    if month.sms_fee is None and last:
        result.sms = fen(Fraction(last["sms_price"]) * max(month.sms - sms_left, 0))
    if month.data_fee is None and last:
        result.data = fen(Fraction(last["data_price_mb"]) * max(month.data - data_left, 0))
    spent = result.fee + result.calls + result.sms + result.data
    spent += sum((call.fee for call in month.calls if call.fee is not None), Fraction(0))
    result.minimum = max(fen(minimum) - spent, Fraction(0)) if month.over else Fraction(0)
    return result


def one_call(result: Result, call: SlowCall, price: Price | None, left: int) -> int:
    """Charge a call and return the seconds that are left in the bundle."""
    if price is None or call.seconds == 0:
        return left
    charged = 0
    while charged < call.seconds:
        charged += price["rounding_s"]
    charged = max(charged, price["least_s"])
    inside = min(left, charged) if call.out else 0
    per_minute = price["minute_price"] if call.out else price["incoming_price"]
    if call.fee is None:
        amount = fen(Fraction(per_minute) * (charged - inside) / 60)
        result.calls += amount
        result.each.append(amount)
    return left - inside

"""What the company sees of a simulated card, as the facts that the shipped rules read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from backtest.simulator.fleet import CardDay
from cardfleet.kernel.clock import SHANGHAI
from cards.choices import RealNameState, ServiceState
from lifecycle.rules.facts import CardFacts

FIRST_DAY = date(2026, 1, 5)
"""A Monday, as the simulator's first day."""
LIFE = timedelta(days=365)
COMPLAINT_DAYS = 30


def moment(day: float) -> datetime:
    """Return a simulated moment as a Shanghai one."""
    midnight = datetime.combine(FIRST_DAY, datetime.min.time(), SHANGHAI)
    return midnight + timedelta(days=day)


@dataclass(frozen=True, kw_only=True)
class Before:
    """What is known of a card's days before: stops within 90 days, calls a day and most in an hour of the last week."""

    stops: int = 0
    calls: Sequence[int] = ()
    hours: Sequence[int] = ()


def facts_at(seen: CardDay, hour: int, before: Before) -> CardFacts:
    """Return the facts of a card at a full hour."""
    today = FIRST_DAY + timedelta(days=seen.day)
    expires_on = FIRST_DAY + timedelta(days=seen.expires_on)
    at = seen.day + hour / 24
    complaints = [known for known in seen.complaints if at - COMPLAINT_DAYS < known <= at]
    return CardFacts(
        now=moment(at),
        **_calls(seen, hour),
        balance=Decimal(round(seen.balance * 100)) / 100,
        credit_limit=Decimal(0),
        daily_burn=Decimal(round(seen.burn * 100)) / 100,
        service_state=ServiceState.ACTIVE,
        real_name_state=RealNameState.VALID,
        activated_on=min(expires_on - LIFE, today - timedelta(days=60)),
        known_since=FIRST_DAY - LIFE,
        expires_on=expires_on,
        last_call_on=FIRST_DAY + timedelta(days=seen.last_call_on),
        reverify_due_at=None if seen.verify_due is None or seen.verify_due - 1 > at else moment(seen.verify_due),
        complaints_30d=len(complaints),
        last_complaint_on=FIRST_DAY + timedelta(days=int(max(complaints))) if complaints else None,
        marks=seen.marks,
        stops_90d=before.stops,
        usual_calls=_mean(before.calls),
        usual_hour=_mean(before.hours),
    )


def _mean(values: Sequence[int]) -> Decimal | None:
    return Decimal(sum(values)) / len(values) if values else None


def _calls(seen: CardDay, hour: int) -> dict[str, Any]:
    known = [calls for calls in seen.calls if calls.hour < hour]
    total = sum(calls.seen for calls in known)
    if not total:
        return {}
    hours = [0] * 24
    for calls in known:
        hours[calls.hour] = calls.seen
    short = sum(calls.short for calls in known)
    return {
        "calls_today": total,
        "calls_last_hour": hours[hour - 1],
        "most_in_60": max(hours),
        "answered_today": sum(calls.answered for calls in known),
        "short_calls_today": {5: short // 2, 10: short, 15: short, 30: short},
    }

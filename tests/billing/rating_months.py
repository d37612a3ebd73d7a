"""Random months of a card for the ratings to be compared on: plans, prices, states, calls and what was used; stored."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any
from uuid import UUID

from billing.models import UsageCharge, UsageRecord, UsageSource
from billing.services.partitions import ensure_ahead
from cards.models import Card
from tests.billing.reference_rating import CHINA, SlowCall, SlowMonth

FIRST = date(2026, 10, 1)
LAST = date(2026, 10, 31)
WAYS = ["whole", "days", "none"]
STATES = ["active", "half_stop", "full_stop", "voluntary_stop", "lost_stop", "cancel_pending"]


def some_price(chance: Random, starts: date, ends: date | None) -> dict[str, Any]:
    """A price with all of its terms drawn."""
    return {
        "from": starts,
        "to": ends,
        "monthly_fee": f"{chance.choice([0, 5, 19, 29.9, 59])}",
        "minimum_spend": chance.choice(["0", "0", "39"]),
        "included_minutes": chance.choice([0, 0, 3, 10, 60]),
        "included_sms": chance.choice([0, 10]),
        "included_data_mb": chance.choice([0, 100]),
        "minute_price": chance.choice(["0", "0.15", "0.1250", "0.19", "0.0333"]),
        "incoming_price": chance.choice(["0", "0", "0.025"]),
        "rounding_s": chance.choice([1, 6, 60]),
        "least_s": chance.choice([0, 0, 30, 60]),
        "sms_price": chance.choice(["0", "0.1"]),
        "data_price_mb": chance.choice(["0", "0.29"]),
        "first_month": chance.choice(WAYS),
        "last_month": chance.choice(WAYS),
        "changed": chance.choice(WAYS),
        "stopped": chance.choice(WAYS),
        "voluntary_stop_fee": chance.choice([None, "0", "5"]),
    }


def some_prices(chance: Random) -> list[dict[str, Any]]:
    """One to three prices of a plan; sometimes none holds at first."""
    starts = chance.choice([date(2026, 1, 1), date(2026, 10, 4)])
    cuts = sorted(chance.sample(range(5, 31), chance.choice([0, 0, 1, 2])))
    days = [starts, *(FIRST.replace(day=cut) for cut in cuts)]
    ends: list[date | None] = [*days[1:], None]
    return [some_price(chance, day, end) for day, end in zip(days, ends, strict=True)]


def moment(chance: Random) -> datetime:
    """Some second of October in China, its first and last ones too."""
    second = chance.choice([0, 86_399, chance.randrange(86_400)])
    return datetime(2026, 10, chance.randint(1, 31), tzinfo=CHINA) + timedelta(seconds=second)


def some_month(chance: Random) -> SlowMonth:
    """A month of a card; its last state may be an end."""
    days = [
        date(2026, 3, 1),
        *sorted(FIRST.replace(day=n) for n in chance.sample(range(1, 32), chance.choice([0, 0, 1, 2]))),
    ]
    moments = sorted({moment(chance) for _ in range(chance.choice([0, 0, 1, 3]))})
    states = [(datetime(2026, 9, 1, tzinfo=CHINA), chance.choice(STATES))]
    for at in moments:
        states.append((at, chance.choice([state for state in STATES if state != states[-1][1]])))
    if chance.random() < 0.2:
        states.append((max(states[-1][0] + timedelta(hours=1), moment(chance)), "cancelled"))
    calls = [
        SlowCall(
            at=moment(chance),
            out=chance.random() < 0.8,
            seconds=chance.choice([0, 1, 59, 60, 61, chance.randrange(900)]),
            fee=Fraction(chance.choice([0, 15, 30]), 100) if chance.random() < 0.2 else None,
            order=number,
        )
        for number in range(chance.randrange(14))
    ]
    return SlowMonth(
        first=FIRST,
        plans=[(day, some_prices(chance) if chance.random() < 0.95 else None) for day in days],
        states=[(at, state) for at, state in states if at < datetime(2026, 11, 1, tzinfo=CHINA)],
        calls=sorted(calls, key=lambda call: (call.at, call.order)),
        activated=chance.choice([None, None, date(2026, 3, 1), date(2026, 10, chance.randint(1, 31))]),
        sms=chance.randrange(30),
        data=Fraction(chance.randrange(300_000), 1000),
        sms_fee=chance.choice([None, None, Fraction(3, 10)]),
        data_fee=chance.choice([None, None, Fraction(2)]),
    )


def money(amount: Fraction | None) -> Decimal | None:
    """The same amount of few decimals."""
    return None if amount is None else Decimal(amount.numerator) / Decimal(amount.denominator)


def keep_calls(card: Card, calls: Iterable[SlowCall]) -> None:
    """Store calls as the carrier's detail, some of them without a fee, and what they were charged."""
    source, _made = UsageSource.objects.get_or_create(slug="detail", defaults={"name": "detail", "role": "carrier"})
    records, charges = [], []
    for call in calls:
        day = call.at.astimezone(CHINA).date()
        ensure_ahead(day.replace(day=1))
        records.append(
            UsageRecord(
                card=card,
                started_at=call.at,
                uid=UUID(int=call.order),
                source=source,
                batch_id=0,
                msisdn=card.msisdn,
                direction="out" if call.out else "in",
                counterpart="",
                duration_s=call.seconds,
                answered=call.seconds > 0,
                fee=money(call.fee),
                rated_fee=0,
            )
        )
        seconds = call.seconds if call.out else 0
        known = {"card": card, "day": day, "role": "carrier", "calls": int(call.out), "seconds": seconds}
        charges.append(UsageCharge(**known, amount=money(call.fee) or 0))
    UsageRecord.objects.bulk_create(records)
    UsageCharge.objects.bulk_create(charges)

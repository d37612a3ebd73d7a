"""A day of one card: its calls and what its carrier makes of them, its complaints, money and deadlines."""

import math
from dataclasses import dataclass
from random import Random

from backtest.simulator.cards import (
    ANSWERED,
    DAY_SPREAD,
    HOURS,
    REST_DAYS,
    RUSH,
    RUSH_CHANCE,
    WEEK,
    Due,
    SimCard,
    short_share,
)
from backtest.simulator.chance import binomial, poisson
from backtest.simulator.hidden import CALLS_HIDDEN, COMPLAINTS_HIDDEN

NOISE = 0.05
"""By how much a carrier's own counting differs from day to day."""
LOST_HOUR = 0.08
LOST_CALL = 1 - (1 - CALLS_HIDDEN) / (1 - LOST_HOUR)
LEAST_ANSWERED = 30
SHORT_DAYS = 3
COMPLAINT_DAYS = 30
LOW_DAYS, TOPPED_UP = 5, 0.75
RENEWAL_DAYS, RENEWED = 30, 0.13
USED_AGAIN = 0.002
EVENING = 20 / 24


@dataclass(frozen=True, kw_only=True)
class Calls:
    """The calls of a card in one hour that reached the company, and how many there were."""

    hour: int
    made: int
    seen: int
    answered: int
    short: int


def call(card: SimCard, rng: Random, day: int) -> list[Calls]:
    """Let a card call through its day until it is stopped; a crossed limit makes a stop due."""
    if card.is_spare or day % WEEK in REST_DAYS:
        return []
    carrier, share = card.carrier, short_share(card, day)
    mean = card.mean_calls() * math.exp(rng.gauss(0, DAY_SPREAD)) / len(HOURS)
    by_day, by_hour = (limit * math.exp(rng.gauss(0, NOISE)) for limit in (carrier.calls_a_day, carrier.calls_an_hour))
    acts = rng.random() < carrier.strictness
    made: list[Calls] = []
    for hour in HOURS:
        if any(due.at <= day + hour / 24 for due in card.stops):
            break
        rush = rng.uniform(*RUSH) if rng.random() < RUSH_CHANCE else 1.0
        made.append(_hour(rng, hour, poisson(rng, mean * rush), share))
        total = sum(one.made for one in made)
        crossed = made[-1].made >= by_hour or (total >= by_day and carrier.patience == 1)
        if crossed and acts:
            cause = "calls_an_hour" if made[-1].made >= by_hour else "calls_a_day"
            card.stops.append(Due(day + (hour + 0.5 + rng.uniform(0.5, 3.5)) / 24, cause, is_gradual=False))
            acts = False
    _judge(card, rng, day, made, by_day)
    return made


def _hour(rng: Random, hour: int, made: int, share: float) -> Calls:
    seen = 0 if rng.random() < LOST_HOUR else made - binomial(rng, made, LOST_CALL)
    answered = binomial(rng, seen, ANSWERED)
    return Calls(hour=hour, made=made, seen=seen, answered=answered, short=binomial(rng, answered, share))


def _judge(card: SimCard, rng: Random, day: int, made: list[Calls], by_day: float) -> None:
    """What a carrier sees in the evening: days over the limit in a row, days of short calls in a row."""
    carrier, total = card.carrier, sum(one.made for one in made)
    card.days_over = card.days_over + 1 if total >= by_day else 0
    answered = binomial(rng, total, ANSWERED)
    is_short = answered >= LEAST_ANSWERED and binomial(rng, answered, short_share(card, day)) >= (
        carrier.short_share * answered
    )
    card.days_short = card.days_short + 1 if is_short else 0
    if carrier.patience > 1 and card.days_over >= carrier.patience and rng.random() < carrier.strictness:
        card.stops.append(Due(day + EVENING + rng.uniform(0.2, 0.9), "calls_on_days", is_gradual=True))
    if card.days_short >= SHORT_DAYS and rng.random() < carrier.strictness:
        card.stops.append(Due(day + EVENING + rng.uniform(0.2, 0.9), "short_calls", is_gradual=True))


def annoy(card: SimCard, rng: Random, day: int, calls: int) -> tuple[int, int]:
    """Let callees complain and mark; the carrier decides some days after the complaint that was one too many.

    Returns how many complained, and of how many the company learns.
    """
    card.complaints = [at for at in card.complaints if at > day - COMPLAINT_DAYS]
    card.seen.complaints = [at for at in card.seen.complaints if at > day - COMPLAINT_DAYS]
    complained, known = poisson(rng, calls * card.annoyance), 0
    for _ in range(complained):
        at = day + rng.uniform(9, 20) / 24
        card.complaints.append(at)
        if rng.random() >= COMPLAINTS_HIDDEN:
            card.seen.complaints.append(at + rng.uniform(0, 1.5))
            known += 1
        if len(card.complaints) >= card.carrier.complaints and rng.random() < card.carrier.strictness:
            card.stops.append(Due(at + rng.uniform(1, 4), "complaints", is_gradual=True))
    if not card.seen.marks and rng.random() < calls * card.annoyance * 0.5:
        card.seen.marks = 1
    return complained, known


def pay(card: SimCard, rng: Random, day: int, made: list[Calls]) -> None:
    """Charge the day, top up, read the balance; below the carrier's line the card is stopped the next morning."""
    fee = card.monthly_fee / 30
    card.balance -= sum(one.made for one in made) * card.call_price + fee
    known = sum(one.seen for one in made) * card.call_price + fee
    card.seen.spent_since += known
    card.seen.spent.append(known)
    burn = sum(card.seen.spent) / len(card.seen.spent)
    if card.seen.balance() < burn * LOW_DAYS and rng.random() < card.diligence * TOPPED_UP:
        card.balance += 100 + 150 * rng.random()
        card.seen.read_balance, card.seen.spent_since = card.balance, 0.0
    elif rng.random() < 0.4:
        card.seen.read_balance, card.seen.spent_since = card.balance, 0.0
    if card.balance < card.carrier.stops_below:
        card.stops.append(Due(day + 1 + rng.uniform(0, 12) / 24, "balance", is_gradual=True))


def wait(card: SimCard, rng: Random, day: int) -> None:
    """Let deadlines come: expiry, idleness, a second verification."""
    left = card.expires_on - day
    if 0 < left <= RENEWAL_DAYS and rng.random() < card.diligence * RENEWED:
        card.expires_on += 365
    elif left <= -card.carrier.grace_days:
        card.stops.append(Due(day + rng.uniform(0, 9) / 24, "expiry", is_gradual=True))
    if card.is_spare and rng.random() < USED_AGAIN:
        card.last_call_on = card.seen.last_call_on = day
    if day - card.last_call_on >= card.carrier.idle_days:
        card.stops.append(Due(day + rng.uniform(0, 24) / 24, "idle", is_gradual=True))
    _verify(card, rng, day)


def _verify(card: SimCard, rng: Random, day: int) -> None:
    if card.verify_from is None and rng.random() < 0.0012:
        card.verify_from = day + rng.uniform(9, 18) / 24
        card.seen.verify_due = card.verify_from + 1
        card.verify_missed = rng.random() > card.diligence
        if card.verify_missed:
            due = card.verify_from + card.carrier.verify_hours / 24
            card.stops.append(Due(due, "verification", is_gradual=False))
    elif card.verify_from is not None and not card.verify_missed and day > card.verify_from:
        card.verify_from = card.seen.verify_due = None

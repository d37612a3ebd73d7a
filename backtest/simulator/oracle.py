"""What somebody who knows a carrier's hidden rules and all that is true of a card would expect.

It knows everything but the dice: stops not yet decided, what people will do, and stops without a cause.
"""

import math

from backtest.simulator.cards import (
    ANSWERED,
    CAMPAIGN_MOVES,
    CAMPAIGN_STAYS,
    DAY_SPREAD,
    HOURS,
    REST_DAYS,
    RESTRAINT_STAYS,
    RUSH,
    RUSH_CHANCE,
    WEEK,
    SimCard,
    short_share,
)
from backtest.simulator.chance import above, any_of, at_least
from backtest.simulator.days import (
    COMPLAINT_DAYS,
    LEAST_ANSWERED,
    LOW_DAYS,
    NOISE,
    RENEWED,
    SHORT_DAYS,
    TOPPED_UP,
    USED_AGAIN,
)

UNEXPLAINED_A_DAY = 0.001


def chance_of_stop(card: SimCard, day: int, horizon: int) -> float:
    """Return the chance that a card in service on the evening of a day is stopped within `horizon` days."""
    pending = [due for due in card.stops if due.cause != "none" and due.at <= day + 1 + horizon]
    if pending:
        return 1.0
    ways = (_calls, _short_calls, _complaints, _balance, _expiry, _idle)
    return any_of([way(card, day, horizon) for way in ways] + [UNEXPLAINED_A_DAY * horizon])


def _working_days(day: int, horizon: int) -> list[int]:
    return [day + ahead for ahead in range(1, horizon + 1) if (day + ahead) % WEEK not in REST_DAYS]


def _calls(card: SimCard, day: int, horizon: int) -> float:
    """The daily limit at once or on days in a row, and the hourly one, at the pace the card will have."""
    carrier, chances = card.carrier, []
    run = card.days_over
    for ahead in _working_days(day, horizon):
        distance = ahead - day
        pace = math.exp(card.campaign * CAMPAIGN_STAYS**distance + card.restraint * RESTRAINT_STAYS**distance)
        mean = 0.0 if card.is_spare else card.pace * pace
        spread = math.sqrt(DAY_SPREAD**2 + CAMPAIGN_MOVES**2 * distance + 1 / max(mean, 1) + NOISE**2)
        over = above(carrier.calls_a_day, mean, spread)
        hour = mean / len(HOURS)
        usual = above(carrier.calls_an_hour, hour, math.sqrt(spread**2 + 1 / max(hour, 1)))
        rushed = above(carrier.calls_an_hour, hour * sum(RUSH) / 2, math.sqrt(spread**2 + 0.04 + 1 / max(hour * 3, 1)))
        in_hour = any_of([usual * (1 - RUSH_CHANCE) + rushed * RUSH_CHANCE] * len(HOURS))
        chances.append(in_hour * carrier.strictness)
        needed = max(carrier.patience - run - len(chances) + 1, 1)
        chances[-1] = any_of([chances[-1], over**needed * carrier.strictness])
    return any_of(chances)


def _short_calls(card: SimCard, day: int, horizon: int) -> float:
    answered = card.mean_calls() * ANSWERED
    if answered < LEAST_ANSWERED or day > card.bad_list_until:
        return 0.0
    days = [ahead for ahead in _working_days(day, horizon) if ahead <= card.bad_list_until]
    share = short_share(card, day)
    spread = math.sqrt(share * (1 - share) / answered)
    short = 0.5 * math.erfc((card.carrier.short_share - share) / (spread * math.sqrt(2)))
    needed = max(SHORT_DAYS - card.days_short, 1)
    tries = len(days) - needed + 1
    return any_of([short**needed * card.carrier.strictness] * max(tries, 0))


def _complaints(card: SimCard, day: int, horizon: int) -> float:
    standing = card.complaints_since(day + 3 - COMPLAINT_DAYS)
    mean = card.mean_calls() * card.annoyance * max(len(_working_days(day, horizon)) - 2, 1)
    needed = max(card.carrier.complaints - standing, 1)
    return at_least(needed, mean) * card.carrier.strictness


def _balance(card: SimCard, day: int, horizon: int) -> float:
    """The days the balance lasts, and that nobody tops it up in the last five of them."""
    burn = card.mean_calls() * 5 / 7 * card.call_price + card.monthly_fee / 30
    left = (card.balance - card.carrier.stops_below) / burn
    if left > horizon:
        return 0.0
    return float((1 - card.diligence * TOPPED_UP) ** max(min(left, LOW_DAYS), 0.0))


def _expiry(card: SimCard, day: int, horizon: int) -> float:
    left = card.expires_on - day
    if left + card.carrier.grace_days > horizon:
        return 0.0
    return float((1 - card.diligence * RENEWED) ** max(left - 1, 0))


def _idle(card: SimCard, day: int, horizon: int) -> float:
    left = card.carrier.idle_days - (day - card.last_call_on)
    if left > horizon or not card.is_spare:
        return 0.0
    return float((1 - USED_AGAIN) ** max(left, 0.0))

"""The calls of a card: believable hours, gaps and lengths, within the times it could call. Pure.

Calls lie between 9 and 12 and between 14 and 20 o'clock; half as many people work on Saturdays, hardly anybody on
Sundays, and nobody on the great holidays. The last twenty days are dense, those before sparse. Times are local
(Shanghai), as in a carrier's list; there are hundreds of thousands of calls, so they are plain numbers and texts.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import accumulate
from random import Random

from cardfleet.kernel.clock import SHANGHAI
from lifecycle.demo.blueprint import CardPlan
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.chance import dice
from lifecycle.demo.fates import Calling
from lifecycle.demo.numbers import CALLEE_PREFIX
from lifecycle.demo.timeline import calling_spans

HOURS = {9: 9, 10: 13, 11: 11, 14: 10, 15: 13, 16: 12, 17: 10, 18: 7, 19: 4}
STARTS = list(HOURS)
REACHED = [0.0, *(part / sum(HOURS.values()) for part in accumulate(HOURS.values()))]
NOON = REACHED[3]
DENSE_DAYS, HOT_DAYS = 20, 6
HOLIDAYS = {(1, 1), (5, 1), (5, 2), (5, 3), *((10, day) for day in range(1, 8))}
WEEKEND = {5: 0.5, 6: 0.15}
REGULARS = 300
PROSPECTS = 12_000  # in all: the company's lists, on which every agent works
DAY = 86_400
LENGTHS = sorted(min(10 + round(dice("length", number).lognormvariate(3.8, 0.8)), 900) for number in range(500))

Call = tuple[date, int, bool, str, int]  # day, second of the day, outgoing, the other number, seconds (0: no answer)


def calls_of(card: CardPlan, calendar: Calendar, seed: int) -> Iterator[Call]:
    """Return the calls of a card in order."""
    if card.fate.calling == Calling.NONE:
        return
    rng = dice(seed, "calls", card.index)
    spans = [(_local(begin), _local(end)) for begin, end in calling_spans(card, calendar)]
    regulars = [_stranger(rng) for _ in range(REGULARS)]
    for ago in range(calendar.days, -1, -1):
        day = calendar.day(ago)
        count = _how_many(card, day, ago, rng)
        midnight = day.toordinal() * DAY
        for call in _of_day(card, day, ago, count, regulars, rng):
            if any(begin <= midnight + call[1] < end for begin, end in spans):
                yield call


def _local(moment: datetime) -> int:
    """Return a moment as local seconds since the first day there was."""
    here = moment.astimezone(SHANGHAI)
    return here.toordinal() * DAY + here.hour * 3600 + here.minute * 60 + here.second


def _how_many(card: CardPlan, day: date, ago: int, rng: Random) -> int:
    calling = card.fate.calling
    luck = rng.random()
    if calling == Calling.RARE:
        return 1 if luck < 0.06 and day.weekday() < 5 else 0
    if calling != Calling.CALM and ago < HOT_DAYS:
        return _hot(calling, rng)
    if (day.month, day.day) in HOLIDAYS or luck > WEEKEND.get(day.weekday(), 0.96):
        return 0
    if ago >= DENSE_DAYS:
        return rng.randint(2, 9) if luck < 0.5 else 0
    return max(8, round(rng.gauss(37, 9)))


def _hot(calling: Calling, rng: Random) -> int:
    match calling:
        case Calling.BUSY:
            return rng.randint(168, 197)
        case Calling.SHORT:
            return rng.randint(75, 110)
        case Calling.BURSTY:
            return rng.randint(85, 110)
    return rng.randint(45, 60)


def _of_day(card: CardPlan, day: date, ago: int, count: int, regulars: Sequence[str], rng: Random) -> Iterator[Call]:
    calling = card.fate.calling if ago < HOT_DAYS else Calling.CALM
    match calling:
        case Calling.BURSTY:
            seconds = sorted(_burst(count, rng))
        case Calling.BUSY:
            seconds = _spread(count, rng, before_noon=0.72)
        case _:
            seconds = _spread(count, rng)
    nagged = rng.choice(regulars)
    for index, second in enumerate(seconds):
        gap = (seconds[index + 1] if index + 1 < count else second + 900) - second
        outgoing = rng.random() > 0.04
        someone = nagged if calling == Calling.REPEATS and index % 8 == 3 else _callee(regulars, rng)
        length = _length(calling, outgoing=outgoing, rng=rng)
        yield day, second, outgoing, someone, max(min(length, gap - 3), 0)


def _spread(count: int, rng: Random, *, before_noon: float = NOON) -> list[int]:
    """Return seconds of the day, spread over the working hours with some play; a share of them before noon."""
    morning, afternoon = NOON / before_noon, (1 - NOON) / (1 - before_noon)
    shares = [(index + 0.2 + 0.6 * rng.random()) / count for index in range(count)]
    early = [share * morning for share in shares if share < before_noon]
    late = [NOON + (share - before_noon) * afternoon for share in shares if share >= before_noon]
    return [_second(share) for share in early + late]


def _burst(count: int, rng: Random) -> list[int]:
    """Return seconds of the day of which most lie in one hour."""
    rush = round(count * 0.7)
    hour = rng.choice((10, 15, 16))
    within = [hour * 3600 + int(3590 * (index + 0.2 + 0.6 * rng.random()) / rush) for index in range(rush)]
    return within + _spread(count - rush, rng)


def _second(share: float) -> int:
    """Return the second of the day by which a share of its calls is made."""
    slot = bisect(REACHED, share) - 1
    part = (share - REACHED[slot]) / (REACHED[slot + 1] - REACHED[slot])
    return STARTS[slot] * 3600 + int(part * 3600)


def _callee(regulars: Sequence[str], rng: Random) -> str:
    return regulars[int(rng.random() * REGULARS)] if rng.random() < 0.06 else _stranger(rng)


def _stranger(rng: Random) -> str:
    return f"{CALLEE_PREFIX}{int(rng.random() * PROSPECTS) * 8317:08}"


def _length(calling: Calling, *, outgoing: bool, rng: Random) -> int:
    luck = rng.random()
    if luck > (0.46 if outgoing and calling != Calling.SHORT else 0.8):
        return 0
    hasty = 0.82 if calling == Calling.SHORT else 0.12
    luck = rng.random()
    return 2 + int(luck / hasty * 8) if luck < hasty else LENGTHS[int(rng.random() * len(LENGTHS))]

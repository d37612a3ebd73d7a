"""Calls of a carrier's detail beside our own: charged twice, too high, or listed by nobody. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from cardfleet.kernel.money import to_fen

# Clocks of two systems differ, and ours rings before the carrier counts.
APART = timedelta(minutes=2)
MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call: `fee` is what the carrier charged (zero for our own records), `rated` our rating of it, CNY."""

    started_at: datetime
    counterpart: str
    seconds: int
    fee: Decimal
    rated: Decimal


def doubled(calls: Sequence[Call]) -> list[Call]:
    """Return charged calls that began while the same call still went on: one line cannot call one number twice."""
    last: dict[str, Call] = {}
    found = []
    for call in sorted(calls, key=lambda one: one.started_at):
        before = last.get(call.counterpart)
        if before and call.fee and call.started_at < before.started_at + timedelta(seconds=max(before.seconds, 1)):
            found.append(call)
        else:
            last[call.counterpart] = call
    return found


def overcharged(calls: Sequence[Call], heard: Sequence[Call]) -> Iterator[tuple[Call, Decimal]]:
    """Yield charged calls with what they should cost: above our rating, or longer by minutes than we heard them."""
    ours = _by_counterpart(heard)
    for call in calls:
        if not call.fee:
            continue
        right = min(call.fee, call.rated)
        own = _nearest(call, ours.get(call.counterpart, ()))
        if own and own.seconds and call.seconds - own.seconds > MINUTE:
            right = min(right, to_fen(call.rated * _minutes(own.seconds) / _minutes(call.seconds)))
        if call.fee > right:
            yield call, right


def unlisted(calls: Sequence[Call], heard: Sequence[Call]) -> list[Call]:
    """Return our own calls that the detail lacks."""
    listed = _by_counterpart(calls)
    return [own for own in heard if own.seconds and not _nearest(own, listed.get(own.counterpart, ()))]


def _by_counterpart(calls: Sequence[Call]) -> dict[str, list[Call]]:
    found: defaultdict[str, list[Call]] = defaultdict(list)
    for call in calls:
        found[call.counterpart].append(call)
    return found


def _nearest(call: Call, others: Sequence[Call]) -> Call | None:
    near = [one for one in others if abs(one.started_at - call.started_at) <= APART]
    return min(near, key=lambda one: abs(one.started_at - call.started_at), default=None)


def _minutes(seconds: int) -> int:
    return -(-seconds // MINUTE)

"""When a card was stopped, as bands of days: from its history, oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cards.choices import STOPPED


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A stop from one day to another, both within it; `state` is the service state, `reason` why it was stopped."""

    first: date
    last: date
    state: str
    reason: str


def stops_within(changes: Iterable[tuple[date, str, str]], *, first: date, last: date) -> list[Stop]:
    """Return the stops that touch the days from `first` to `last`, cut to them.

    `changes` are day, new service state and reason, the oldest first; a stop lasts until the day of the next change.
    """
    history = list(changes)
    ends = [*(day for day, _state, _reason in history[1:]), last]
    spans = [
        Stop(first=max(begun, first), last=min(end, last), state=state, reason=reason)
        for (begun, state, reason), end in zip(history, ends, strict=False)
        if state in STOPPED
    ]
    return [stop for stop in spans if stop.first <= stop.last]

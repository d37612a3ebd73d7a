"""Calling hours: which clock times are allowed, discouraged or blocked (人身保险电话销售业务管理办法: 21:00-09:00).

A rule's `params` hold `allowed` and `blocked`, lists of ["09:00", "12:00"] on a Shanghai clock, the end not
included; a window may cross midnight.
"""

from collections.abc import Mapping
from datetime import time
from functools import lru_cache
from typing import Any

ALLOWED = "allowed"
DISCOURAGED = "discouraged"
BLOCKED = "blocked"


def hour_states(params: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the state of each of the 24 whole hours; an hour allowed in part counts as allowed."""
    return _hour_states(_windows(params, "allowed"), _windows(params, "blocked"))


def moment_state(at: time, params: Mapping[str, Any]) -> str:
    """Return allowed, discouraged or blocked for a Shanghai clock time."""
    return _state(at, _windows(params, "allowed"), _windows(params, "blocked"))


def window_text(params: Mapping[str, Any]) -> str:
    """Return the allowed hours as 09:00-12:00, 14:00-20:00."""
    return ", ".join(f"{start}-{end}" for start, end in params.get("allowed", ()))


Windows = tuple[tuple[str, str], ...]


def _windows(params: Mapping[str, Any], name: str) -> Windows:
    return tuple((start, end) for start, end in params.get(name, ()))


@lru_cache
def _hour_states(allowed: Windows, blocked: Windows) -> tuple[str, ...]:
    """Whole fleets share a few sets of windows, and a fleet is judged card by card."""
    return tuple(_of_hour(hour, allowed, blocked) for hour in range(24))


def _of_hour(hour: int, allowed: Windows, blocked: Windows) -> str:
    states = {_state(time(hour, minute), allowed, blocked) for minute in range(60)}
    return next(state for state in (ALLOWED, DISCOURAGED, BLOCKED) if state in states)


def _state(at: time, allowed: Windows, blocked: Windows) -> str:
    if any(_within(at, window) for window in allowed):
        return ALLOWED
    return BLOCKED if any(_within(at, window) for window in blocked) else DISCOURAGED


def _within(at: time, window: tuple[str, str]) -> bool:
    start, end = time.fromisoformat(window[0]), time.fromisoformat(window[1])
    return start <= at < end if start < end else at >= start or at < end

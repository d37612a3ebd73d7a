"""Calling hours: which clock times are allowed, discouraged or blocked (人身保险电话销售业务管理办法: 21:00-09:00).

A rule's `params` hold `allowed` and `blocked`, lists of ["09:00", "12:00"] on a Shanghai clock, the end not
included; a window may cross midnight.
"""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

ALLOWED = "allowed"
DISCOURAGED = "discouraged"
BLOCKED = "blocked"


def hour_state(hour: int, params: Mapping[str, Any]) -> str:
    """Return allowed, discouraged or blocked for a whole hour; an hour allowed in part counts as allowed."""
    states = {moment_state(time(hour, minute), params) for minute in (0, 30, 59)}
    return next(state for state in (ALLOWED, DISCOURAGED, BLOCKED) if state in states)


def moment_state(at: time, params: Mapping[str, Any]) -> str:
    """Return allowed, discouraged or blocked for a Shanghai clock time."""
    if any(_within(at, window) for window in params.get("allowed", ())):
        return ALLOWED
    blocked = any(_within(at, window) for window in params.get("blocked", ()))
    return BLOCKED if blocked else DISCOURAGED


def _within(at: time, window: Sequence[str]) -> bool:
    start, end = (time.fromisoformat(text) for text in window)
    return start <= at < end if start < end else at >= start or at < end


def window_text(params: Mapping[str, Any]) -> str:
    """Return the allowed hours as 09:00-12:00, 14:00-20:00."""
    return ", ".join(f"{start}-{end}" for start, end in params.get("allowed", ()))

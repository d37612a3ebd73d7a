"""Putting values into a request: `{since}`, `{page}`, `{secret}`. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cardfleet.kernel.clock import SHANGHAI
from lifecycle.rules.connections.http import PLACEHOLDER


def fill(part: Any, values: Mapping[str, Any], *, writes: str) -> Any:
    """Return a part of a request with its placeholders filled; one that stands alone keeps its type (a page, a list).

    A value that is not there is an empty text.
    """
    if isinstance(part, Mapping):
        return {name: fill(value, values, writes=writes) for name, value in part.items()}
    if isinstance(part, list):
        return [fill(value, values, writes=writes) for value in part]
    if not isinstance(part, str):
        return part
    alone = PLACEHOLDER.fullmatch(part)
    if alone:
        return _plain(values.get(alone[1]), writes)
    return PLACEHOLDER.sub(lambda found: _text(_plain(values.get(found[1]), writes)), part)


def _plain(value: Any, writes: str) -> Any:
    if value is None:
        return ""
    return written(value, writes) if isinstance(value, datetime) else value


def _text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def written(moment: datetime, how: str) -> str | int:
    """Return a moment as a server wants it: `iso`, `unix`, `unix_ms`, or Shanghai's time by a pattern of strftime."""
    if how == "unix":
        return int(moment.timestamp())
    if how == "unix_ms":
        return int(moment.timestamp() * 1000)
    local = moment.astimezone(SHANGHAI)
    return local.isoformat(timespec="seconds") if how == "iso" else local.strftime(how)

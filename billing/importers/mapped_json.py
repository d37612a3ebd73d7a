"""Rows of JSON and where values stand in them, by a mapping that is data.

A path is names and places joined by dots, `record.legs.0.number`; `$.` in front is allowed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.importers.layout import JOINT
from billing.rules.times import read_time
from cardfleet.kernel.errors import BadInput, Reason, Text
from cardfleet.kernel.reading import Unreadable

MOST = 1000
# What no text of the database holds, and what joins texts there.
UNSTORABLE = {0: None, ord(JOINT): None}
OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
LONGEST = 200
LISTS = ("rows", "calls", "records", "results")
SWAPPED = ("caller", "callee")
MOMENTS = ("started_at", "answered_at", "ended_at")


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """Where rows and values stand. `columns` are paths by generic name, beside them caller, callee, answered_at and
    ended_at; `words` says what a text means, by name; `utc`: times without an offset are UTC."""

    rows: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    utc: bool = False


PLAIN = Mapped()


def rows(body: Any, mapping: Mapped) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a body: a list, the list in it, or the body itself. BadInput for anything else."""
    found = at(body, mapping.rows) if mapping.rows else None
    found = body if found is None else found
    if isinstance(found, Mapping):
        found = next((found[name] for name in LISTS if isinstance(found.get(name), list)), [found])
    if not isinstance(found, list) or not found:
        raise _refused("no_rows", _("Send a list of calls, or an object with such a list under rows."))
    if len(found) > MOST:
        raise _refused("too_many_rows", _("Send at most {most} calls at once.").format(most=MOST))
    for number, row in enumerate(found, 1):
        if not isinstance(row, Mapping):
            raise _refused("row_no_object", _("Each call is an object with named values."), line=number)
    return found


def call(row: Mapping[str, Any], mapping: Mapped) -> dict[str, str]:
    """Return a row in the generic names."""
    found = {name: _worded(text(at(row, path)), mapping.words.get(name, {})) for name, path in mapping.columns.items()}
    if mapping.utc:
        found |= {name: from_utc(found[name]) for name in MOMENTS if found.get(name)}
    if "ended_at" in found and "duration_s" not in mapping.columns:
        found["duration_s"] = _between(found.get("answered_at", ""), found["ended_at"])
    if not mapping.columns.keys().isdisjoint(SWAPPED):
        sides = (found.get("caller", ""), found.get("callee", ""))
        found["msisdn"], found["counterpart"] = reversed(sides) if found.get("direction") == "in" else sides
    return found


def at(thing: Any, path: str) -> Any:
    """Return what stands at a path, None where nothing does."""
    for step in path.removeprefix("$").strip(".").split("."):
        if isinstance(thing, Mapping):
            thing = thing.get(step)
        elif isinstance(thing, list) and step.isdigit() and int(step) < len(thing):
            thing = thing[int(step)]
        else:
            return None
    return thing


def text(value: Any) -> str:
    """Return a JSON value as a file would write it, cut at a length that no value has."""
    if value is None or isinstance(value, Mapping | list):
        return ""
    plain = str(value).encode("utf-8", "replace").decode()
    return plain.translate(UNSTORABLE).strip()[:LONGEST]


def _worded(value: str, words: Mapping[str, str]) -> str:
    return words.get(value, value)


def from_utc(value: str) -> str:
    """Return a time without an offset as one of UTC; any other text as it is."""
    try:
        moment = read_time(value)
    except Unreadable:
        return value
    told = value.isdigit() or OFFSET.search(value)
    return value if told else moment.replace(tzinfo=UTC).isoformat()


def _between(answered: str, ended: str) -> str:
    try:
        start, end = (read_time(moment) for moment in (answered, ended))
    except Unreadable:
        return "0" if not answered else ended
    return _seconds(start, end)


def _seconds(start: datetime, end: datetime) -> str:
    return str(int((end - start).total_seconds()))


def _refused(code: str, message: Text, *, line: int | None = None) -> BadInput:
    return BadInput(reasons=[Reason(code=code, message=message, field="rows", line=line)])

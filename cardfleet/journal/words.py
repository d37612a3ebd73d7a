"""What is recorded beside a deed, in words: names of facts, and values that are choices, fields or things."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from cardfleet.journal.models import Entry
from cardfleet.journal.registry import SAID_BY_SUBJECT, Action
from cardfleet.journal.subjects import Named
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.errors import Text

FACTS: Mapping[str, Text] = {
    "accounts": _("accounts"),
    "agent": _("agent"),
    "alias": _("name in the source"),
    "amount": _("amount"),
    "before": _("before"),
    "by": _("grouped by"),
    "category": _("data"),
    "changed": _("changed"),
    "code": _("code"),
    "count": _("number of them"),
    "columns": _("columns"),
    "condition": _("condition"),
    "course": _("course"),
    "created": _("new"),
    "dropped": _("dropped"),
    "duplicate": _("known already"),
    "entries": _("entries"),
    "expiry": _("valid until"),
    "field": _("field"),
    "fields": _("fields"),
    "files": _("files"),
    "first_rows": _("first rows"),
    "filters": _("filters"),
    "form": _("file"),
    "format": _("format"),
    "from": _("from"),
    "held": _("cards held"),
    "holder": _("holder"),
    "job_rows": _("rows of jobs"),
    "kind": _("kind"),
    "kinds": _("reasons"),
    "hours": _("hours"),
    "level": _("step"),
    "line": _("line"),
    "lines": _("lines"),
    "list": _("list"),
    "minutes": _("minutes lost"),
    "month": _("month"),
    "new": _("new"),
    "note": _("note"),
    "on": _("on"),
    "parent": _("below"),
    "passed_on": _("passed on"),
    "person": _("person"),
    "purpose": _("purpose"),
    "reason": _("reason"),
    "released": _("released by compliance"),
    "result": _("Result"),
    "records": _("calls"),
    "refused": _("refused"),
    "role": _("role"),
    "roles": _("roles"),
    "rows": _("rows"),
    "score": _("risk score"),
    "sent_to": _("recipients"),
    "failed": _("not reached"),
    "told": _("told"),
    "share": _("share"),
    "severity": _("severity"),
    "source": _("source"),
    "state": _("state"),
    "stored": _("stored"),
    "succeeded": _("succeeded"),
    "tags": _("tags"),
    "team": _("team"),
    "to": _("to"),
    "unchanged": _("unchanged"),
    "until": _("until"),
    "updated": _("changed"),
    "valid": _("found valid"),
    "valid_until": _("valid until"),
    "why": _("reason"),
}
STATES: Mapping[str, Text] = {"from": _("before"), "to": _("after")}
A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$")
# Ids and hashes are for programs; they stay in the entry.
FOR_PROGRAMS = frozenset({"alert", "assignment", "attribution", "change", "price", "reversal", "sha256"})
# Two values: before and after.
CHANGES = frozenset({"holder", "team", "score"})
FIELD_LISTS = frozenset({"fields", "changed"})
NOTHING: tuple[Any, ...] = (None, "", [], {})


def references(entry: Entry, action: Action) -> Iterator[str]:
    """Yield the things (`<app label>.<model>:<pk>`) that the values of an entry name by their ids."""
    for name, meaning in action.values.items():
        if isinstance(meaning, str) and meaning:
            yield from (f"{meaning}:{pk}" for pk in _listed(entry.data.get(name)) if pk is not None)


def details(entry: Entry, action: Action, names: Mapping[str, Named]) -> Iterator[tuple[Text, str]]:
    """Yield what was recorded beside a deed, as name and value, in the order of the names."""
    for name, value in sorted(entry.data.items()):
        if not _is_hidden(name, value, action):
            yield _fact(name, value), _shown(entry, name, value, action, names)


def _is_hidden(name: str, value: Any, action: Action) -> bool:
    """Tell what says nothing to people: ids, nothing, what the subject's name says, and what did not change."""
    if name in FOR_PROGRAMS or value in NOTHING or action.values.get(name) == SAID_BY_SUBJECT:
        return True
    return name in CHANGES and isinstance(value, list) and value[0] == value[-1]


def _fact(name: str, value: Any) -> Text:
    """Return what a fact is called; `from` and `to` are days, or what was before and after."""
    if name in STATES and not A_DAY.match(str(value)):
        return STATES[name]
    return FACTS.get(name, name)


def _shown(entry: Entry, name: str, value: Any, action: Action, names: Mapping[str, Named]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{FACTS.get(key, key)} {part}" for key, part in value.items())
    parts = [_part(entry, name, part, action, names) for part in _listed(value)]
    return (" → " if name in CHANGES else ", ").join(parts)


def _part(entry: Entry, name: str, part: Any, action: Action, names: Mapping[str, Named]) -> str:
    meaning = action.values.get(name)
    if part is None:
        return "—"
    if isinstance(part, str) and A_MOMENT.match(part):
        return f"{datetime.fromisoformat(part).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if isinstance(part, bool):
        return str(_("yes") if part else _("no"))
    if name in FIELD_LISTS:
        return _field(entry.subject, str(part))
    if isinstance(meaning, str):
        return names[f"{meaning}:{part}"].name
    return str(meaning(part) if meaning else part)


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _field(subject: str, name: str) -> str:
    """Return what a field of the subject is called; its bare name where it is no field of it."""
    try:
        field = apps.get_model(subject.partition(":")[0])._meta.get_field(name)
    except (FieldDoesNotExist, LookupError, ValueError):
        return name
    return str(getattr(field, "verbose_name", name))

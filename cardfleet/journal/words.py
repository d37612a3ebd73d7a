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
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.errors import Text

FACTS: Mapping[str, Text] = {
    "accounts": _("accounts"),
    "actions": _("actions"),
    "after": _("after"),
    "agent": _("agent"),
    "alias": _("name in the source"),
    "amount": _("amount"),
    "areas": _("areas"),
    "at_once": _("goes without asking, at most"),
    "basis": _("basis"),
    "before": _("before"),
    "bills": _("bills"),
    "by": _("grouped by"),
    "category": _("data"),
    "cause": _("what was wrong"),
    "changed": _("changed"),
    "channel": _("paid through"),
    "code": _("code"),
    "count": _("number of them"),
    "columns": _("columns"),
    "condition": _("condition"),
    "course": _("course"),
    "created": _("new"),
    "credit_limit": _("credit limit"),
    "credited": _("credited"),
    "damage": _("damage"),
    "decision": _("decided"),
    "differences": _("rollups that differed"),
    "differences_left": _("differences left"),
    "differing": _("unlike our own sum"),
    "dropped": _("dropped"),
    "due_on": _("due on"),
    "duplicate": _("known already"),
    "ended": _("entries ended"),
    "ends_on": _("last day"),
    "foreign": _("not of this company"),
    "entries": _("entries"),
    "every_call": _("every call read"),
    "expected": _("cards expected"),
    "expiry": _("valid until"),
    "field": _("field"),
    "file": _("file"),
    "finding": _("what was found"),
    "fields": _("fields"),
    "files": _("files"),
    "first_rows": _("first rows"),
    "filters": _("filters"),
    "form": _("file"),
    "format": _("format"),
    "found": _("of them found"),
    "from": _("from"),
    "granted": _("allowed"),
    "held": _("cards held"),
    "holder": _("holder"),
    "in_hand": _("new SIM in hand"),
    "job_rows": _("rows of jobs"),
    "kind": _("kind"),
    "kinds": _("reasons"),
    "known": _("known already"),
    "hours": _("hours"),
    "left": _("tries left"),
    "leaves_on": _("leaves on"),
    "level": _("step"),
    "line": _("line"),
    "lines": _("lines"),
    "list": _("list"),
    "minutes": _("minutes lost"),
    "misplaced": _("belonging elsewhere"),
    "missing": _("not found there"),
    "month": _("month"),
    "moved": _("put here instead"),
    "new": _("new"),
    "note": _("note"),
    "noted": _("noted only"),
    "on": _("on"),
    "open_differences": _("differences to look at"),
    "outcome": _("outcome"),
    "owner": _("answers for it"),
    "paid_on": _("paid on"),
    "parent": _("below"),
    "passed_on": _("passed on"),
    "payment": _("payment"),
    "paid": _("paid"),
    "period": _("quarter from"),
    "person": _("person"),
    "platform": _("platform"),
    "purpose": _("purpose"),
    "questions": _("questions"),
    "reason": _("reason"),
    "released": _("released by compliance"),
    "restocked": _("back in stock"),
    "result": _("Result"),
    "records": _("calls"),
    "refused": _("refused"),
    "role": _("role"),
    "roles": _("roles"),
    "provisional": _("before the month was closed"),
    "rows": _("rows"),
    "rows_refused": _("rows refused"),
    "score": _("risk score"),
    "sent_to": _("recipients"),
    "failed": _("not reached"),
    "told": _("told"),
    "share": _("share"),
    "severity": _("severity"),
    "signal": _("signal"),
    "source": _("source"),
    "starts_on": _("first day"),
    "state": _("state"),
    "states": _("states changed"),
    "step": _("step of the case"),
    "stored": _("stored"),
    "succeeded": _("succeeded"),
    "tags": _("tags"),
    "taken_back": _("taken back from its holder"),
    "team": _("team"),
    "ticket": _("ticket number"),
    "to": _("to"),
    "tokens": _("API tokens"),
    "unchanged": _("unchanged"),
    "unknown": _("barcodes of no card"),
    "unsettled": _("differences left open"),
    "until": _("until"),
    "updated": _("changed"),
    "valid": _("found valid"),
    "valid_until": _("valid until"),
    "version": _("version"),
    "warned_of": _("warned of"),
    "why": _("reason"),
    "wrong": _("wrong"),
    "whole": _("shown whole"),
}
STATES: Mapping[str, Text] = {"from": _("before"), "to": _("after")}
A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$")
# Ids and hashes are for programs; they stay in the entry.
FOR_PROGRAMS = frozenset(
    {
        "alert",
        "assignment",
        "attribution",
        "change",
        "event",
        "handover",
        "price",
        "replaced",
        "reversal",
        "sha256",
        "token",
        "voided",
        "writes",
    }
)
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
        return to_the_minute(datetime.fromisoformat(part))
    if isinstance(part, bool):
        return str(_("yes") if part else _("no"))
    if isinstance(meaning, str):
        return names[f"{meaning}:{part}"].name
    if meaning:
        return str(meaning(part))
    return _field(entry.subject, str(part)) if name in FIELD_LISTS else str(part)


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _field(subject: str, name: str) -> str:
    """Return what a field of the subject is called; its bare name where it is no field of it."""
    try:
        field = apps.get_model(subject.partition(":")[0])._meta.get_field(name)
    except (FieldDoesNotExist, LookupError, ValueError):
        return name
    return str(getattr(field, "verbose_name", name))

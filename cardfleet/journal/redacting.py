"""Taking an erased person out of the words of the journal; entries, their order and their number stay."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pgtrigger
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from cardfleet.journal.models import Entry, Redaction
from cardfleet.kernel.crypto import fingerprint

FIELDS = ("reason", "data")


@transaction.atomic
def redact(*, pattern: str, change: Callable[[Any], Any], now: datetime) -> int:
    """Replace what a pattern finds in what people typed, and return in how many entries.

    `change` returns a text, or JSON, without it. A mark of what stood there is left; nothing else of an entry changes.
    """
    found = Entry.objects.alias(told=Cast("data", TextField())).filter(
        Q(reason__regex=pattern) | Q(told__regex=pattern)
    )
    entries = list(found.order_by("pk"))
    marks: list[Redaction] = []
    with pgtrigger.ignore("journal.Entry:append_only"):
        for entry in entries:
            before = {name: getattr(entry, name) for name in FIELDS}
            after = {name: change(value) for name, value in before.items()}
            changed = [name for name in FIELDS if after[name] != before[name]]
            Entry.objects.filter(pk=entry.pk).update(**{name: after[name] for name in changed})
            marks += [
                Redaction(entry=entry, field=name, mark=mark_of(before[name]), after=mark_of(after[name]), at=now)
                for name in changed
            ]
    Redaction.objects.bulk_create(marks)
    return len({mark.entry_id for mark in marks})


def mark_of(value: Any) -> str:
    """Return the keyed hash of a field of an entry."""
    return fingerprint(json.dumps(value, sort_keys=True, ensure_ascii=False))

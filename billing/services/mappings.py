"""How platforms' own JSON is read."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.choices import SignalMeaning
from billing.errors import MappingUnusable
from billing.importers.live import COLUMNS
from billing.importers.mapped_json import MOMENTS, SWAPPED
from billing.models import FeedMapping
from billing.rules.mappings import KNOWN_PLATFORMS
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import Reason

FACTS = frozenset({"name", "label", "rows", "columns", "words", "codes", "utc"})
NAMES = frozenset({*COLUMNS, *SWAPPED, *MOMENTS})


@transaction.atomic
def load_mappings(*, now: datetime) -> None:
    """Write the mappings of known platforms that are missing."""
    for facts in KNOWN_PLATFORMS:
        FeedMapping.objects.get_or_create(name=facts["name"], defaults={**facts, "changed_at": now})


@transaction.atomic
def record_mapping(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> FeedMapping:
    """Record a mapping. MappingUnusable, BadInput."""
    mapping = FeedMapping(changed_at=now)
    _check(facts)
    assign(mapping, facts, editable=FACTS)
    mapping.save(force_insert=True)
    record(actor=actor, action="billing.mapping_recorded", subject=mapping, now=now)
    return mapping


@transaction.atomic
def edit_mapping(*, mapping_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> FeedMapping:
    """Change a mapping; calls read by it stay as they are. MappingUnusable, BadInput."""
    mapping = FeedMapping.objects.select_for_update().get(pk=mapping_id)
    _check(changes)
    changed = assign(mapping, changes, editable=FACTS)
    if changed:
        mapping.changed_at = now
        mapping.save(update_fields=[*changed, "changed_at"])
        record(actor=actor, action="billing.mapping_edited", subject=mapping, now=now, data={"changed": changed})
    return mapping


def _check(facts: Mapping[str, Any]) -> None:
    reasons = [*_wrong_columns(facts["columns"]), *_wrong_words(facts["words"]), *_wrong_codes(facts["codes"])]
    if reasons:
        raise MappingUnusable(reasons=reasons)


def _wrong_columns(columns: Any) -> Iterator[Reason]:
    if not isinstance(columns, dict) or not all(isinstance(path, str) for path in columns.values()):
        yield Reason(code="no_paths", field="columns", message=_("Give a path for each name."))
        return
    for name in sorted(columns.keys() - NAMES):
        message = _("There is no column of this name: {name}.").format(name=name)
        yield Reason(code="unknown_column", field="columns", message=message, value=name)
    sides = columns.keys() & {*SWAPPED, "msisdn", "counterpart", "iccid", "imsi"}
    lengths = columns.keys() & {"duration_s", "ended_at"}
    if len(sides) < len(SWAPPED) or not lengths or not {"started_at", "direction"} <= columns.keys():
        needed = _("Name the start, the direction, both numbers, and the seconds or the end.")
        yield Reason(code="column_missing", field="columns", message=needed)


def _wrong_words(words: Any) -> Iterator[Reason]:
    if not isinstance(words, dict) or not all(isinstance(meant, dict) for meant in words.values()):
        yield Reason(code="no_words", field="words", message=_("Give, for a column, what each text means."))


def _wrong_codes(codes: Any) -> Iterator[Reason]:
    if not isinstance(codes, dict) or not set(map(str, codes.values())) <= set(SignalMeaning.values):
        known = ", ".join(SignalMeaning.values)
        message = _("A code means one of: {known}.").format(known=known)
        yield Reason(code="unknown_meaning", field="codes", message=message)

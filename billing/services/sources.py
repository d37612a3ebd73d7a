"""Where usage comes from, and what names in it mean."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from billing.choices import SourceRole
from billing.errors import AliasTaken, RoleDiffers
from billing.models import UsageAlias, UsageSource, VoiceLine
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign, check

SOURCE_FACTS = frozenset({"slug", "name", "role", "carrier", "mapping", "expected_every", "expected_within_days"})
LINE_FACTS = frozenset({"name", "number", "carrier"})
ALIAS_FACTS = frozenset({"source", "alias", "card", "agent", "line", "valid_from", "valid_to"})


@transaction.atomic
def ensure_source(
    *, slug: str, role: SourceRole | None, actor: User | None, now: datetime, default: SourceRole = SourceRole.CARRIER
) -> UsageSource:
    """Return the source of a slug, made on first use; RoleDiffers when it is there with another role than given."""
    source, made = UsageSource.objects.get_or_create(slug=slug, defaults={"name": slug, "role": role or default})
    if role and source.role != role:
        raise RoleDiffers
    if made:
        record(actor=actor, action="billing.source_made", subject=source, now=now, data={"role": source.role})
    return source


@transaction.atomic
def record_source(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> UsageSource:
    """Record a usage source. BadInput where a fact does not hold."""
    source = UsageSource()
    assign(source, facts, editable=SOURCE_FACTS)
    source.save(force_insert=True)
    record(actor=actor, action="billing.source_made", subject=source, now=now, data={"role": source.role})
    return source


@transaction.atomic
def edit_source(*, source_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> UsageSource:
    """Change what a source is called and whose it is; RoleDiffers where its role would change: calls hang on it."""
    source = UsageSource.objects.select_for_update().get(pk=source_id)
    if changes.get("role", source.role) != source.role:
        raise RoleDiffers
    changed = assign(source, changes, editable=SOURCE_FACTS)
    if changed:
        source.save(update_fields=changed)
        record(actor=actor, action="billing.source_edited", subject=source, now=now, data={"changed": changed})
    return source


@transaction.atomic
def record_line(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> VoiceLine:
    """Record a carrier's own voice line."""
    line = VoiceLine()
    assign(line, facts, editable=LINE_FACTS)
    line.save(force_insert=True)
    record(actor=actor, action="billing.line_recorded", subject=line, now=now)
    return line


@transaction.atomic
def edit_line(*, line_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> VoiceLine:
    """Change a voice line."""
    line = VoiceLine.objects.select_for_update().get(pk=line_id)
    changed = assign(line, changes, editable=LINE_FACTS)
    if changed:
        line.save(update_fields=changed)
        record(actor=actor, action="billing.line_edited", subject=line, now=now, data={"changed": changed})
    return line


@transaction.atomic
def set_alias(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> UsageAlias:
    """Say what a name in a source means for a period. AliasTaken where it means something else in part of it.

    An extension is an agent's or a card's; a trunk is a carrier's own voice line, never a card's: who names a trunk
    gives `line`.
    """
    alias = UsageAlias()
    _refuse_overlap(
        alias,
        source=facts["source"],
        alias=facts["alias"],
        valid_from=facts["valid_from"],
        valid_to=facts.get("valid_to"),
    )
    assign(alias, facts, editable=ALIAS_FACTS)
    alias.save(force_insert=True)
    _journal_alias(alias, actor=actor, now=now)
    return alias


@transaction.atomic
def end_alias(*, alias_id: int, valid_to: datetime | None, actor: User | None, now: datetime) -> UsageAlias:
    """End the meaning of a name, or let it go on. AliasTaken where it would meet the next meaning."""
    alias = UsageAlias.objects.select_for_update().get(pk=alias_id)
    _refuse_overlap(alias, source=alias.source, alias=alias.alias, valid_from=alias.valid_from, valid_to=valid_to)
    alias.valid_to = valid_to
    check(alias)
    alias.save(update_fields=["valid_to"])
    _journal_alias(alias, actor=actor, now=now)
    return alias


def _refuse_overlap(
    this: UsageAlias, *, source: UsageSource, alias: str, valid_from: datetime, valid_to: datetime | None
) -> None:
    others = UsageAlias.objects.filter(source=source, alias=alias).exclude(pk=this.pk)
    later_than_start = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from))
    if later_than_start.filter(**({"valid_from__lt": valid_to} if valid_to else {})).exists():
        raise AliasTaken


def _journal_alias(alias: UsageAlias, *, actor: User | None, now: datetime) -> None:
    meaning: tuple[Any, ...] = tuple(filter(None, (alias.card, alias.agent, alias.line)))
    record(
        actor=actor,
        action="billing.alias_set",
        subject=alias,
        related=(alias.source, *meaning),
        now=now,
        data={"alias": alias.alias},
    )

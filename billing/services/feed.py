"""Calls posted live: staged, resolved and stored as those of a file, and answered row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction

from billing.choices import BatchState, RejectCode, SourceRole
from billing.errors import FeedBusy, SourceNotLive
from billing.importers import live, owners, staging
from billing.importers.layout import Layout
from billing.importers.mapped_json import Mapped
from billing.models import FeedMapping, UsageBatch, UsageReject, UsageSource
from billing.rules.times import Period
from billing.services import rollups
from billing.services.partitions import analyse_new
from billing.services.signals import store_signals
from billing.services.sources import ensure_source
from billing.services.usage_import import ONE_AT_A_TIME, ensure_partitions, resolve_staged
from billing.services.usage_posting import post_differences
from billing.services.usage_storing import Stored, store_lines, store_records, store_rejects
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.errors import Text

LIVE_ROLES = frozenset({SourceRole.LIVE, SourceRole.SWITCH})
NO_NAMES: Mapping[str, list[str]] = {"extensions": [], "lines": []}
# A large file may be stored meanwhile; who posts is told to come again before its own patience ends.
PATIENCE = "SET LOCAL lock_timeout = '20s'"
NO_LIMIT = "SET LOCAL lock_timeout = 0"
LOCK_NOT_AVAILABLE = "55P03"
# What became of each row, asked before the calls are stored: known are those of before, and repeats in this post.
OUTCOMES = """
SELECT r.line, r.skipped, r.code, r.place,
    row_number() OVER (PARTITION BY r.card_id, r.line_id, r.started_at, r.uid ORDER BY r.line) > 1
    OR EXISTS (SELECT 1 FROM billing_usagerecord u
               WHERE u.card_id = r.card_id AND u.started_at = r.started_at AND u.uid = r.uid)
    OR EXISTS (SELECT 1 FROM billing_linerecord l
               WHERE l.line_id = r.line_id AND l.started_at = r.started_at AND l.uid = r.uid)
FROM usage_row r ORDER BY r.line
"""
REPEATED_REJECTS = """
DELETE FROM billing_usagereject new USING billing_usagereject old
WHERE new.batch_id = %(batch)s AND new.id > %(last)s AND old.batch_id = new.batch_id AND old.id < new.id
    AND old.code = new.code AND old.cells = new.cells
"""
NUMBERED_REJECTS = "UPDATE billing_usagereject SET line = line + %(read)s WHERE batch_id = %(batch)s AND id > %(last)s"


@dataclass(frozen=True, kw_only=True)
class RowAnswer:
    """What became of a posted row: stored, known, refused (with code, column and sentence) or skipped: no call."""

    row: int
    status: str
    uid: str = ""
    code: str = ""
    column: str = ""
    message: Text = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a post. `batch` is the source's of that day."""

    batch: UsageBatch
    rows: Sequence[RowAnswer]
    signals: int

    def count(self, status: str) -> int:
        """Return how many rows ended so."""
        return sum(row.status == status for row in self.rows)


def take_calls(*, slug: str, body: Any, actor: User, now: datetime) -> Taken:
    """Store the calls of a JSON body of a source, made on first use as a live one, and answer each row.

    The same body again adds nothing. Raises BadInput for a body that is no list of calls, SourceNotLive, FeedBusy.
    """
    source = UsageSource.objects.select_related("mapping").filter(slug=slug).first()
    mapping = source.mapping if source else None
    posted = live.read(body, mapping=_mapped(mapping), names=owners.names(source) if source else NO_NAMES)
    source = source or ensure_source(slug=slug, role=SourceRole.LIVE, actor=actor, now=now)
    if source.role not in LIVE_ROLES:
        raise SourceNotLive
    layout = live.layout(posted, role=SourceRole(source.role), period=Period.year_up_to(business_day(now)))
    try:
        staging.stage(posted, layout, progress=lambda _rows: None)
        resolve_staged(layout, source, now=now)
        ensure_partitions()
        return _store(posted, layout, source, codes=mapping.codes if mapping else {}, actor=actor, now=now)
    finally:
        staging.drop()


def _mapped(mapping: FeedMapping | None) -> Mapped | None:
    if mapping is None:
        return None
    return Mapped(rows=mapping.rows, columns=mapping.columns, words=mapping.words, utc=mapping.utc)


@transaction.atomic
def _store(
    posted: live.Posted,
    layout: Layout,
    source: UsageSource,
    *,
    codes: Mapping[str, str],
    actor: User,
    now: datetime,
) -> Taken:
    _take_turn()
    batch = _batch_of_day(source, actor=actor, now=now)
    rows = _answers(posted)
    stored = store_records(batch)
    analyse_new()
    stored += store_lines(batch)
    refused = _keep_refused(batch, layout) if any(row.status == "refused" for row in rows) else 0
    signals = store_signals(batch, layout, codes=codes, now=now)
    if stored.new:
        rollups.add(source.role)
    _count(batch, stored, rows, refused, now=now)
    if stored.new:
        post_differences(key=f"{batch.pk}-{batch.rows_read}", actor=actor, now=now, batch=batch)
    return Taken(batch=batch, rows=rows, signals=signals)


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        try:
            with transaction.atomic():
                cursor.execute(ONE_AT_A_TIME)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") == LOCK_NOT_AVAILABLE:
                raise FeedBusy from error
            raise
        cursor.execute(NO_LIMIT)


def _batch_of_day(source: UsageSource, *, actor: User, now: datetime) -> UsageBatch:
    """Return the source's batch of the Shanghai day; after a revocation, the next post begins another."""
    todays = UsageBatch.objects.filter(source=source, format=live.FORMAT, state=BatchState.STORED)
    batch = todays.filter(created_at__gte=day_start(business_day(now))).locked().order_by("-pk").first()
    if batch is None:
        batch = UsageBatch.objects.create(
            source=source,
            format=live.FORMAT,
            state=BatchState.STORED,
            header=list(live.COLUMNS),
            created_at=now,
            stored_at=now,
        )
        record(actor=actor, action="billing.feed_begun", subject=batch, related=(source,), now=now)
    return batch


def _answers(posted: live.Posted) -> list[RowAnswer]:
    with connection.cursor() as cursor:
        cursor.execute(OUTCOMES)
        outcomes = {line: rest for line, *rest in cursor.fetchall()}
    return [_answer(number, call, outcomes.get(number)) for number, call in enumerate(posted.calls, 1)]


def _answer(number: int, call: live.Call | None, outcome: Sequence[Any] | None) -> RowAnswer:
    if call is None or outcome is None:
        return RowAnswer(row=number, status="skipped")
    skipped, code, place, known = outcome
    uid = call.get("uid", "")
    if code:
        column = live.VALUES.get(place, "")
        return RowAnswer(
            row=number, status="refused", uid=uid, code=code, column=column, message=RejectCode(code).label
        )
    return RowAnswer(row=number, status="skipped" if skipped else "known" if known else "stored", uid=uid)


def _keep_refused(batch: UsageBatch, layout: Layout) -> int:
    """Keep the refused rows under their number of the day, each once however often it is posted."""
    newest = UsageReject.objects.filter(batch=batch).order_by("-pk").values_list("pk", flat=True).first()
    known = {"batch": batch.pk, "last": newest or 0, "read": batch.rows_read}
    refused = store_rejects(batch, layout)
    with connection.cursor() as cursor:
        cursor.execute(REPEATED_REJECTS, known)
        repeated = int(cursor.rowcount)
        cursor.execute(NUMBERED_REJECTS, known)
    return refused - repeated


def _count(batch: UsageBatch, stored: Stored, rows: Sequence[RowAnswer], refused: int, *, now: datetime) -> None:
    batch.rows_read += len(rows)
    batch.rows_stored += stored.new
    batch.rows_duplicate += stored.found - stored.new
    batch.rows_refused += refused
    batch.rows_skipped += sum(row.status == "skipped" for row in rows)
    batch.rows_flagged += stored.flagged
    batch.first_at = min(filter(None, (batch.first_at, stored.first_at)), default=None)
    batch.last_at = max(filter(None, (batch.last_at, stored.last_at)), default=None)
    batch.stored_at = now
    batch.save()

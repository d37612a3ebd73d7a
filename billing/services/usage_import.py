"""Importing a file of call records: whole or not at all, and each call once (invariant 6)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction

from billing.choices import BatchState, SourceRole
from billing.exporters.rejects import write_rejects
from billing.importers import known, owners, profiles, registry, resolving, staging, words
from billing.importers.layout import Layout, Sample
from billing.models import UsageBatch, UsageSource
from billing.rules.times import Period
from billing.selectors.usage_sql import DAY
from billing.services import rollups
from billing.services.partitions import analyse_new, ensure_days
from billing.services.places import store_places
from billing.services.signals import store_signals
from billing.services.usage_posting import post_differences
from billing.services.usage_restamping import restamp
from billing.services.usage_settling import settle
from billing.services.usage_storing import Stored, store_lines, store_records, store_rejects
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.jobs.models import Job
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.tabular import Table, open_table

# Imports store one after the other, so that each sees what the others stored when it reckons rollups.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('billing.usage'))"
# A batch that was stored is not stored again, least of all after it was revoked: a corrected file is a new batch.
DONE = frozenset({BatchState.STORED, BatchState.REVOKED})
DAYS = f"SELECT DISTINCT {DAY} FROM usage_row WHERE card_id IS NOT NULL"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """An open file (binary, seekable) and its name; `wanted` is the format a person chose, empty to recognise it.

    `source` is a slug: its own mappings of files go before those of others.
    """

    file: BinaryIO
    name: str
    wanted: str = ""
    own_number: str = ""
    source: str = ""

    def table(self) -> Table:
        """Return the rows to import. UnreadableFile."""
        return open_table(self.file, self.name)

    def sample(self, table: Table, now: datetime) -> Sample:
        """Return the first rows, and what is known of the file beside them. UnreadableFile."""
        return Sample(
            rows=tuple(islice(table.rows(), staging.SAMPLE_ROWS)),
            name=self.name,
            own_number=self.own_number,
            period=Period.year_up_to(business_day(now)),
        )

    def recognised(self, now: datetime) -> Layout:
        """Return the layout; BadInput when the file is unreadable or of no known format."""
        return recognise(self.sample(self.table(), now), source=self.source, wanted=self.wanted)


def recognise(sample: Sample, *, source: str, wanted: str = "") -> Layout:
    """Return how a file is read: as a person mapped it, else by the known formats. Raises as `registry.find`."""
    return profiles.find(sample, source=source, wanted=wanted) or registry.find(sample, wanted)


@transaction.atomic
def begin_batch(
    *,
    source: UsageSource,
    sha256: str,
    now: datetime,
    file: StoredFile | None = None,
    job: Job | None = None,
    own_number: str = "",
) -> UsageBatch:
    """Return the batch of a file; for a job that was begun before, the batch it began."""
    if job and (begun := UsageBatch.objects.filter(job=job).first()):
        return begun
    return UsageBatch.objects.create(
        source=source, file=file, job=job, sha256=sha256, own_number=own_number, created_at=now
    )


def import_usage(
    *,
    batch: UsageBatch,
    upload: Upload,
    actor: User | None,
    now: datetime,
    progress: Callable[[int], None],
    rejects_to: Path | None = None,
) -> UsageBatch:
    """Store the calls of a file and return its batch with the counts; a batch stored before is returned as it is.

    Refused rows are kept with line, column, value and reason, and written to `rejects_to` when there are any. Raises
    BadInput for a file of which nothing can be read; then the batch is failed and nothing of the file is stored.
    """
    if batch.state in DONE:
        return batch
    try:
        layout = upload.recognised(now)
        counts = staging.stage(upload.table(), layout, progress=progress)
        resolve_staged(layout, batch.source, now=now)
        ensure_partitions()
        return _store(batch, layout, counts.skipped, actor=actor, now=now, rejects_to=rejects_to)
    except Refusal as refusal:
        _fail(batch, refusal, actor=actor, now=now)
        raise
    finally:
        staging.drop()


def resolve_staged(layout: Layout, source: UsageSource, *, now: datetime) -> None:
    """Make `usage_row` of the staged rows: what each is, whose, or why it is refused."""
    aliases = owners.names(source)
    with transaction.atomic():
        _use_memory()
        words.fill(layout, aliases)
        owners.fill(layout, source, aliases)
        resolving.resolve(layout, role=SourceRole(source.role), now=now, aliases=aliases)


def _use_memory() -> None:
    """Let this transaction sort and join in memory."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")


def ensure_partitions() -> None:
    """Make the partitions that the resolved rows need."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS)
        ensure_days([row[0] for row in cursor.fetchall()])


@transaction.atomic
def _store(
    batch: UsageBatch,
    layout: Layout,
    skipped: int,
    *,
    actor: User | None,
    now: datetime,
    rejects_to: Path | None,
) -> UsageBatch:
    _use_memory()
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    batch = UsageBatch.objects.locked().select_related("source").get(pk=batch.pk)
    if batch.state in DONE:
        return batch
    if layout.rough:
        known.keep_known_times()
    restamp(now=now)
    stored = store_records(batch)
    if "trunk" in layout.values:
        stored += store_lines(batch)
    if stored.refused:
        store_rejects(batch, layout)
    analyse_new()
    store_signals(batch, layout, codes={}, now=now)
    store_places(batch, layout)
    if batch.corrects_id:
        settle(batch)
    rollups.add(batch.source.role, batch=batch.pk)
    post_differences(key=str(batch.pk), actor=actor, now=now, batch=batch)
    _finish(batch, layout, stored, skipped, now=now)
    _journal(batch, actor=actor, now=now)
    if stored.refused and rejects_to and not batch.corrects_id:
        write_rejects(batch, rejects_to)
    return batch


def _finish(batch: UsageBatch, layout: Layout, stored: Stored, skipped: int, *, now: datetime) -> None:
    batch.state = BatchState.STORED
    batch.format = layout.format
    batch.own_number = layout.own_number
    batch.header = list(layout.header)
    batch.rows_stored = stored.new
    batch.rows_duplicate = stored.found - stored.new
    batch.rows_flagged = stored.flagged
    batch.rows_refused = stored.refused
    batch.rows_skipped = skipped + stored.skipped
    batch.rows_read = stored.found + stored.refused + batch.rows_skipped
    batch.first_at, batch.last_at = stored.first_at, stored.last_at
    batch.stored_at = now
    batch.sample = []
    batch.save()


def _journal(batch: UsageBatch, *, actor: User | None, now: datetime) -> None:
    record(
        actor=actor,
        action="billing.usage_imported",
        subject=batch,
        related=(batch.source,),
        now=now,
        data={
            "format": batch.format,
            "stored": batch.rows_stored,
            "duplicate": batch.rows_duplicate,
            "refused": batch.rows_refused,
        },
    )


@transaction.atomic
def _fail(batch: UsageBatch, refusal: Refusal, *, actor: User | None, now: datetime) -> None:
    UsageBatch.objects.filter(pk=batch.pk).update(state=BatchState.FAILED)
    record(actor=actor, action="billing.usage_failed", subject=batch, now=now, data={"code": refusal.code})

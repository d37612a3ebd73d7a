"""Asking for an import: as a job, whose first rows are looked at at once, or in this process."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.db import transaction

from billing.choices import BatchState, SourceRole
from billing.errors import NotStartable
from billing.importers.layout import Layout, Sample
from billing.models import UsageBatch, UsageReject
from billing.querysets import UsageBatchQuerySet
from billing.rules.times import Period
from billing.services.sources import ensure_source
from billing.services.usage_import import Upload, import_usage, recognise
from cardfleet.accounts.models import User
from cardfleet.files.services import attach, store
from cardfleet.jobs.services import start_job
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.reading import Unreadable
from cards.rules.identifiers import normalise_msisdn

if TYPE_CHECKING:
    from django.core.files.base import File

JOB = "billing.import_usage"
PURPOSE = "usage"
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A file somebody brings, and what they say of it.

    `source` is a slug; `role` is what a new source is worth, None to take the format's; `own_number` and `wanted`
    (a format) are as typed, empty where nothing was; `archive` is what the file was packed in, `name` then its path
    inside.
    """

    content: "File[Any]"
    name: str
    source: str
    role: SourceRole | None = None
    own_number: str = ""
    wanted: str = ""
    archive: str = ""

    def upload(self) -> Upload:
        """Return the file as an import takes it. BadInput when the own number is none."""
        number = read_own_number(self.own_number)
        return Upload(
            file=cast("BinaryIO", self.content),
            name=self.name,
            wanted=self.wanted,
            own_number=number,
            source=self.source,
        )


@dataclass(frozen=True)
class Seen:
    """The first rows of a file, and how many lines it has; None of a workbook."""

    sample: Sample
    lines: int | None


@dataclass(frozen=True)
class Imported:
    """What became of a file, and the first of its refused rows."""

    batch: UsageBatch
    refused: list[UsageReject]


def read_own_number(text: str) -> str:
    """Return the own number a person gave, in E.164, or nothing where none was given. BadInput when it is none."""
    if not text.strip():
        return ""
    try:
        return normalise_msisdn(text)
    except Unreadable as error:
        raise BadInput(reasons=[error.as_reason(value=text, field="own_number")]) from error


@transaction.atomic
def request_import(*, delivery: Delivery, actor: User | None, now: datetime) -> UsageBatch:
    """Store a file and ask for its import; return the batch, with its format and its job.

    Raises BadInput for a file of which nothing can be read, and RoleDiffers.
    """
    seen = _look(delivery, now)
    layout = recognise(seen.sample, source=delivery.source, wanted=delivery.wanted)
    batch = _keep(delivery, seen, role=layout.role, actor=actor, now=now)
    _read_by(batch, layout)
    return ask_for_import(batch, actor=actor, now=now)


@transaction.atomic
def receive(*, delivery: Delivery, actor: User, now: datetime) -> UsageBatch:
    """Store a file whose import somebody starts after looking at it; return the batch.

    A file in an unknown format is kept, too: it waits for its columns to be mapped. Raises UnreadableFile, RoleDiffers,
    and BadInput for an own number that is none.
    """
    seen = _look(delivery, now)
    try:
        layout = recognise(seen.sample, source=delivery.source, wanted=delivery.wanted)
    except BadInput:
        return _keep(delivery, seen, role=delivery.role or SourceRole.CARRIER, actor=actor, now=now)
    recognised_as = replace(delivery, wanted=layout.format)
    return _keep(recognised_as, seen, role=layout.role, actor=actor, now=now)


@transaction.atomic
def start_import(*, batch: UsageBatch, actor: User, now: datetime) -> UsageBatch:
    """Ask for the import of a batch that was received, or whose import failed; return it with its job.

    Raises NotStartable, and BadInput for a file that is in no known format.
    """
    batch = UsageBatch.objects.locked().select_related("source", "file").get(pk=batch.pk)
    if not startable(batch):
        raise NotStartable
    if batch.corrects_id is None:
        _read_by(batch, recognised(batch, now=now))
    return ask_for_import(batch, actor=actor, now=now)


def start_waiting(*, batches: UsageBatchQuerySet, actor: User, now: datetime) -> list[UsageBatch]:
    """Start each of the batches that waits for it, in a transaction of its own; return those that are recognised."""
    started = []
    for batch in batches.filter(state=BatchState.RECEIVED).order_by("pk"):
        with suppress(BadInput, NotStartable):
            started.append(start_import(batch=batch, actor=actor, now=now))
    return started


def startable(batch: UsageBatch) -> bool:
    """Tell whether an import may be asked for: it was not yet, or it failed, or its job ended without storing it."""
    over = batch.job is None or batch.job.ended
    return batch.state in {BatchState.RECEIVED, BatchState.FAILED} or (batch.state == BatchState.PENDING and over)


@transaction.atomic
def change_reading(*, batch: UsageBatch, own_number: str, wanted: str) -> UsageBatch:
    """Say of a batch that waits for its start which number it is of and what its format is. NotStartable, BadInput."""
    batch = UsageBatch.objects.locked().get(pk=batch.pk)
    if not startable(batch):
        raise NotStartable
    batch.own_number = read_own_number(own_number)
    batch.format = wanted
    batch.save(update_fields=["own_number", "format"])
    return batch


@transaction.atomic
def discard_batch(*, batch: UsageBatch, actor: User, now: datetime) -> None:
    """Put away a batch that was received and is not to be imported; its file stays until retention drops it.

    Raises NotStartable where its import was asked for.
    """
    batch = UsageBatch.objects.locked().get(pk=batch.pk)
    if batch.state != BatchState.RECEIVED:
        raise NotStartable
    batch.state = BatchState.REVOKED
    batch.sample = []
    batch.save(update_fields=["state", "sample"])
    record(actor=actor, action="billing.usage_discarded", subject=batch, related=(batch.source,), now=now)


def recognised(batch: UsageBatch, *, now: datetime) -> Layout:
    """Return how the file of a batch would be read, by its first rows. BadInput when it is in no known format."""
    return recognise(sample_of(batch, now=now), source=batch.source.slug, wanted=batch.format)


def sample_of(batch: UsageBatch, *, now: datetime) -> Sample:
    """Return the first rows of a batch's file, as they were kept when it came."""
    return Sample(
        rows=[(line, cells) for line, cells in batch.sample],
        name=batch.name,
        own_number=batch.own_number,
        period=Period.year_up_to(business_day(now)),
    )


def _look(delivery: Delivery, now: datetime) -> Seen:
    upload = delivery.upload()
    table = upload.table()
    return Seen(upload.sample(table, now), table.lines())


def _keep(delivery: Delivery, seen: Seen, *, role: SourceRole, actor: User | None, now: datetime) -> UsageBatch:
    """Store the file of a delivery; return its batch, received."""
    source = ensure_source(slug=delivery.source, role=delivery.role, actor=actor, now=now, default=role)
    stored = store(content=delivery.content, name=delivery.name, purpose=PURPOSE, owner=actor, now=now)
    batch = UsageBatch.objects.create(
        source=source,
        file=stored,
        name=delivery.name[-255:],
        archive=delivery.archive[-255:],
        sample=[[line, _storable(cells)] for line, cells in seen.sample.rows],
        lines=seen.lines,
        sha256=stored.sha256,
        own_number=seen.sample.own_number,
        format=delivery.wanted,
        state=BatchState.RECEIVED,
        created_at=now,
    )
    attach(stored=stored, subject=batch)
    return batch


def ask_for_import(batch: UsageBatch, *, actor: User | None, now: datetime) -> UsageBatch:
    """Make the job of a batch."""
    batch.job = start_job(kind=JOB, owner=actor, now=now, input_file=batch.file, params={"batch": batch.pk})
    batch.state = BatchState.PENDING
    batch.save(update_fields=["job", "format", "own_number", "state"])
    return batch


def _read_by(batch: UsageBatch, layout: Layout) -> None:
    batch.format, batch.own_number = layout.format, layout.own_number


def _storable(cells: list[str]) -> list[str]:
    """Return cells without NUL, which no JSON in PostgreSQL holds."""
    return [cell.replace("\0", "") for cell in cells]


def import_now(*, delivery: Delivery, rejects_to: Path, dry_run: bool, actor: User | None, now: datetime) -> Imported:
    """Import a file in this process; `dry_run` leaves nothing behind but the file of refused rows."""
    if not dry_run:
        return _import_now(delivery, rejects_to, actor=actor, now=now)
    with transaction.atomic():
        done = _import_now(delivery, rejects_to, actor=actor, now=now)
        transaction.set_rollback(True)
    return done


def _import_now(delivery: Delivery, rejects_to: Path, *, actor: User | None, now: datetime) -> Imported:
    seen = _look(delivery, now)
    layout = recognise(seen.sample, source=delivery.source, wanted=delivery.wanted)
    batch = _keep(delivery, seen, role=layout.role, actor=actor, now=now)
    upload = delivery.upload()
    batch = import_usage(
        batch=batch, upload=upload, actor=actor, now=now, progress=lambda _rows: None, rejects_to=rejects_to
    )
    return Imported(batch, list(batch.rejects.order_by("line")[:SHOWN]))

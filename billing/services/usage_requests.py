"""Asking for an import: as a job, whose first rows are looked at at once, or in this process."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.db import transaction

from billing.choices import SourceRole
from billing.models import UsageBatch, UsageReject, UsageSource
from billing.services.sources import ensure_source
from billing.services.usage_import import Upload, begin_batch, import_usage
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import attach, store
from cardfleet.jobs.services import start_job
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
    (a format) are as typed, empty where nothing was.
    """

    content: "File[Any]"
    name: str
    source: str
    role: SourceRole | None = None
    own_number: str = ""
    wanted: str = ""

    def upload(self) -> Upload:
        """Return the file as an import takes it. BadInput when the own number is none."""
        number = read_own_number(self.own_number)
        return Upload(file=cast("BinaryIO", self.content), name=self.name, wanted=self.wanted, own_number=number)


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
def request_import(*, delivery: Delivery, actor: User, now: datetime) -> UsageBatch:
    """Store a file and ask for its import; return the batch, with its format and its job.

    Raises BadInput for a file of which nothing can be read, and RoleDiffers.
    """
    source, stored, upload = _received(delivery, actor=actor, now=now)
    layout = upload.recognised(now)
    batch = begin_batch(source=source, file=stored, sha256=stored.sha256, own_number=layout.own_number, now=now)
    attach(stored=stored, subject=batch)
    batch.job = start_job(kind=JOB, owner=actor, now=now, input_file=stored, params={"batch": batch.pk})
    batch.format = layout.format
    batch.save(update_fields=["job", "format"])
    return batch


def import_now(*, delivery: Delivery, rejects_to: Path, dry_run: bool, actor: User | None, now: datetime) -> Imported:
    """Import a file in this process; `dry_run` leaves nothing behind but the file of refused rows."""
    if not dry_run:
        return _import_now(delivery, rejects_to, actor=actor, now=now)
    with transaction.atomic():
        done = _import_now(delivery, rejects_to, actor=actor, now=now)
        transaction.set_rollback(True)
    return done


def _import_now(delivery: Delivery, rejects_to: Path, *, actor: User | None, now: datetime) -> Imported:
    source, stored, upload = _received(delivery, actor=actor, now=now)
    batch = begin_batch(source=source, file=stored, sha256=stored.sha256, now=now)
    attach(stored=stored, subject=batch)
    batch = import_usage(
        batch=batch, upload=upload, actor=actor, now=now, progress=lambda _rows: None, rejects_to=rejects_to
    )
    return Imported(batch, list(batch.rejects.order_by("line")[:SHOWN]))


@transaction.atomic
def _received(delivery: Delivery, *, actor: User | None, now: datetime) -> tuple[UsageSource, StoredFile, Upload]:
    upload = delivery.upload()
    layout = upload.recognised(now)
    source = ensure_source(slug=delivery.source, role=delivery.role, actor=actor, now=now, default=layout.role)
    stored = store(content=delivery.content, name=delivery.name, purpose=PURPOSE, owner=actor, now=now)
    return source, stored, upload

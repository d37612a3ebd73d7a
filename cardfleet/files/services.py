"""Storing files and handing them out."""

import hashlib
from datetime import datetime
from functools import partial
from pathlib import PurePath
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.db.models import QuerySet

from cardfleet.accounts.models import User
from cardfleet.files.errors import FileEmpty, FileTooLarge, FileTypeRefused, PhotoTooLarge, PictureUnreadable
from cardfleet.files.models import StoredFile, storage_path
from cardfleet.files.rules import LARGEST_PHOTO_MB, MADE_HERE, PHOTO, content_type
from cardfleet.journal.recording import Deed, record, record_many, subject_of
from cardfleet.kernel.outages import outage_of
from cardfleet.kernel.pictures import NotAPicture, redrawn

HEAD = 8192


@transaction.atomic
def store(
    *,
    content: "File[bytes] | bytes",
    name: str,
    purpose: str,
    owner: User | None,
    now: datetime,
    subject: models.Model | str = "",
    delete_after: datetime | None = None,
    made_here: bool = False,
) -> StoredFile:
    """Store an upload or a result, and return it.

    FileEmpty, FileTooLarge, FileTypeRefused, PhotoTooLarge, PictureUnreadable, StorageFull. A picture is drawn anew:
    what a camera wrote beside it (place, time, owner) is not kept.

    `subject` (an instance, or `<app label>.<model>:<pk>`) is the thing whose viewers may download it. What was
    `made_here` may be of any size, and is what its name says: a list holds what others wrote, as they wrote it.
    """
    file = ContentFile(content) if isinstance(content, bytes) else content
    kind = _type_made(file, name) if made_here else _accepted_type(file, name)
    if kind.startswith(PHOTO):
        file = _redrawn(file)
    stored = StoredFile(
        name=PurePath(name.replace("\\", "/")).name[-255:],
        content_type=kind,
        size=file.size,
        sha256=_sha256(file),
        purpose=purpose,
        subject=subject_of(subject) if subject else "",
        owner=owner,
        created_at=now,
        delete_after=delete_after,
    )
    file.seek(0)
    _write(stored, file)
    stored.save(force_insert=True)
    record(
        actor=owner,
        action="files.file_stored",
        subject=stored,
        related=_whose(stored),
        now=now,
        data={"purpose": purpose, "sha256": stored.sha256},
    )
    return stored


@transaction.atomic
def attach(*, stored: StoredFile, subject: models.Model | str) -> None:
    """Say whose file it is, when that exists only after the file."""
    stored.subject = subject_of(subject)
    stored.save(update_fields=["subject"])


@transaction.atomic
def discard(*, files: "QuerySet[StoredFile]", now: datetime, actor: User | None = None) -> int:
    """Delete the content of files that are not to be kept and return how many; name, hash and owner stay as proof."""
    doomed = list(files.exclude(content="").select_for_update(of=("self",)))
    places = [(stored.content.storage, str(stored.content.name)) for stored in doomed]
    StoredFile.objects.filter(pk__in=[stored.pk for stored in doomed]).update(content="")
    deeds = [Deed(action="files.file_discarded", subject=one, related=_whose(one)) for one in doomed]
    record_many(deeds, actor=actor, now=now)
    for storage, name in places:
        transaction.on_commit(partial(storage.delete, name), robust=True)
    return len(doomed)


@transaction.atomic
def seal_anew(*, pk: UUID, was: str, content: bytes) -> bool:
    """Put a sealed content in place of one that is the same under an earlier key; False when it changed or is gone.

    `was` is the SHA-256 of the content to be replaced. The new one lies under a name of its own until it holds, so
    that a process that is killed leaves the old one whole. Nothing is journalled: what the file says stays.
    """
    stored = StoredFile.objects.select_for_update().filter(pk=pk, sha256=was).exclude(content="").first()
    if stored is None:
        return False
    storage, before = stored.content.storage, str(stored.content.name)
    stored.content.save(stored.name, ContentFile(content), save=False)
    stored.size, stored.sha256 = len(content), hashlib.sha256(content).hexdigest()
    stored.save(update_fields=["content", "size", "sha256"])
    transaction.on_commit(partial(storage.delete, before), robust=True)
    return True


@transaction.atomic
def record_download(*, stored: StoredFile, actor: User, now: datetime) -> None:
    """Write down who took a file out."""
    record(actor=actor, action="files.file_downloaded", subject=stored, related=_whose(stored), now=now)


def _write(stored: StoredFile, file: "File[bytes]") -> None:
    """Write the content to its place; what stands there of one that did not fit is removed. StorageFull."""
    try:
        stored.content.save(stored.name, file, save=False)
    except OSError as error:
        stored.content.storage.delete(storage_path(stored, ""))
        raise outage_of(error) or error from error


def _whose(stored: StoredFile) -> tuple[str, ...]:
    return (stored.subject,) if stored.subject else ()


def _type_made(file: "File[bytes]", name: str) -> str:
    if not file.size:
        raise FileEmpty
    return MADE_HERE[PurePath(name).suffix]


def _accepted_type(file: "File[bytes]", name: str) -> str:
    if not file.size:
        raise FileEmpty
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge
    file.seek(0)
    kind = content_type(file.read(HEAD), name)
    if kind is None:
        raise FileTypeRefused
    if kind.startswith(PHOTO) and file.size > LARGEST_PHOTO_MB * 2**20:
        raise PhotoTooLarge
    return kind


def _redrawn(file: "File[bytes]") -> "File[bytes]":
    file.seek(0)
    try:
        return ContentFile(redrawn(file.read()))
    except NotAPicture as error:
        raise PictureUnreadable from error


def _sha256(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()

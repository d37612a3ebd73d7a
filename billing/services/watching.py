"""Files of call records laid into a folder: `<root>/<source>/<file>`, imported once each, moved to done or refused.

Two workers may look at once: a file is taken under a lock of its path, and a file whose content was taken before is
only moved. A worker killed in between leaves a file that the next one finds known already.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.core.files.base import File
from django.db import connection, transaction

from billing.choices import BatchState
from billing.messages import USAGE_REFUSED
from billing.models import UsageBatch
from billing.services.expectations import importing_people
from billing.services.usage_bundles import unpacked
from billing.services.usage_requests import Delivery, request_import
from cardfleet.kernel.dropped import DONE, move, put_aside, settled
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many

SLUG = re.compile(r"^[-a-zA-Z0-9_]{1,40}$")
LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('billing.watched'), hashtext(%s))"
GONE = frozenset({BatchState.FAILED, BatchState.REVOKED})


@dataclass
class Taken:
    """The batches of the files that were taken, and how many files were known already or refused."""

    batches: list[UsageBatch] = field(default_factory=list)
    known: int = 0
    refused: int = 0


class _Busy(Exception):
    """Another worker takes this file."""


def take_files(*, root: Path, now: datetime) -> Taken:
    """Ask for the import of every file that lies still for a minute, and move it."""
    taken = Taken()
    for path in sorted(_settled(root, now)):
        try:
            refusal = _take(path, taken, now=now)
        except (_Busy, FileNotFoundError):
            continue  # another worker has it, or moved it already
        if refusal is None:
            move(path, DONE, now)
        else:
            taken.refused += 1
            _refuse(path, refusal, now)
    return taken


def _settled(root: Path, now: datetime) -> Iterator[Path]:
    """Yield the files of every source that nobody writes to."""
    for folder in root.iterdir():
        if folder.is_dir() and not folder.is_symlink() and SLUG.match(folder.name):
            yield from settled(folder, now)


@transaction.atomic
def _take(path: Path, taken: Taken, *, now: datetime) -> Refusal | None:
    """Import what a file holds, of an archive every file that can be read; return the first refusal."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [str(path)])
        if not cursor.fetchone()[0]:
            raise _Busy
    first: Refusal | None = None
    with path.open("rb") as content:
        delivery = Delivery(content=File(content, name=path.name), name=path.name, source=path.parent.name)
        try:
            for one in unpacked(delivery):
                first = _take_one(one, taken, now=now) or first
        except Refusal as refusal:
            return refusal
    return first


def _take_one(delivery: Delivery, taken: Taken, *, now: datetime) -> Refusal | None:
    if _is_known(delivery):
        taken.known += 1
        return None
    try:
        taken.batches.append(request_import(delivery=delivery, actor=None, now=now))
    except Refusal as refusal:
        return refusal
    return None


def _is_known(delivery: Delivery) -> bool:
    digest = hashlib.sha256()
    for chunk in delivery.content.chunks():
        digest.update(chunk)
    delivery.content.seek(0)
    before = UsageBatch.objects.filter(sha256=digest.hexdigest(), source__slug=delivery.source)
    return before.exclude(state__in=GONE).exists()


def _refuse(path: Path, refusal: Refusal, now: datetime) -> None:
    sentences = dict.fromkeys([str(refusal.message), *(str(reason.message) for reason in refusal.reasons)])
    reason = " ".join(sentences)
    moved = put_aside(path, reason, now)
    if moved is None:
        return
    params = {"name": path.name, "source": path.parent.name, "reason": reason}
    tell_many(
        tellings=[
            Telling(
                user=person,
                code=USAGE_REFUSED,
                params=params,
                key=f"usage-refused:{path.parent.name}:{moved.name}:{now:%Y%m%d%H%M%S}",
                url=f"{url_or_empty('billing:usage-import')}?source={path.parent.name}",
            )
            for person in importing_people()
        ],
        now=now,
    )

"""Asking for many writes of the API as one job."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.jobs.models import Job
from cardfleet.jobs.services.jobs import start_job
from cardfleet.kernel.crypto import seal

KIND = "jobs.writes"
KEPT = timedelta(days=30)


@transaction.atomic
def ask_writes(*, rows: bytes, language: str, areas: Collection[str], actor: User, now: datetime) -> Job:
    """Ask for many writes and return the job, waiting; the edge that asks enqueues it.

    The rows are stored sealed, for they hold whatever a write may hold. `areas` are those of the token that asks: the
    rows may no more than it.
    """
    file = store(content=seal(rows), name="writes.txt", purpose=KIND, owner=actor, now=now, delete_after=now + KEPT)
    params = {"language": language, "areas": sorted(areas)}
    return start_job(kind=KIND, owner=actor, params=params, input_file=file, now=now)

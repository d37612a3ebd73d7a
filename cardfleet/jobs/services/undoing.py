"""Undoing a job: a job of its own, which reverses what is still as the first one left it."""

from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.jobs import handlers
from cardfleet.jobs.choices import ENDED
from cardfleet.jobs.errors import NothingToUndo
from cardfleet.jobs.models import Job
from cardfleet.jobs.services.jobs import start_job
from cardfleet.kernel.errors import NotAllowed


@transaction.atomic
def start_undo(*, job: Job, actor: User, now: datetime) -> Job:
    """Ask for the undoing of a job and return the job that does it. NothingToUndo, NotAllowed."""
    if not is_undoable(job):
        raise NothingToUndo
    kind = handlers.kind(job.kind)
    if not actor.has_perm(kind.right):
        raise NotAllowed
    return start_job(kind=kind.undo, owner=actor, params={"undoes": job.pk}, now=now)


def is_undoable(job: Job) -> bool:
    """Tell whether the job ended and something of it is left to undo."""
    undo = handlers.undo_of(job.kind)
    return bool(undo) and job.state in ENDED and job.items.undoable().exists()

"""That somebody took a list out of CardFleet (R64), and files that are made beside the request."""

from datetime import datetime, timedelta

from django.db import transaction
from django.http import QueryDict
from django.utils import translation

from cardfleet.accounts.models import User
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.journal.recording import record
from cardfleet.journal.subjects import new_number
from cardfleet.kernel.errors import NotAllowed
from cardfleet.lists.asking import Asked, read_usable
from cardfleet.lists.exporters.files import is_long
from cardfleet.lists.registry import listing
from cardfleet.lists.services.keeping import FILE, Kept, keep_list

KIND = "lists.export"
KEPT = timedelta(days=7)


@transaction.atomic
def take_out(*, asked: Asked, form: str, actor: User, now: datetime) -> Job | str:
    """Journal that a list is taken out, and return the number of its file, which may be written now.

    What takes long to write is a job, waiting; the edge that asks enqueues it.
    """
    if is_long(asked, form, now):
        return start_export(asked=asked, form=form, actor=actor, now=now)
    return record_export(asked=asked, form=form, actor=actor, now=now)


@transaction.atomic
def record_export(*, asked: Asked, form: str, actor: User, now: datetime) -> str:
    """Journal that a person took a list out, with the names of the filters but never their values.

    Returned is the number that marks the file: `lists.file:<number>` finds the entry in the journal.
    """
    number = new_number()
    filters = sorted(name for name in asked.query if name in asked.filters.filters)
    data = {"list": asked.listing.code, "form": form, "filters": filters}
    record(
        actor=actor,
        action="lists.list_exported",
        subject=actor,
        related=(FILE.format(number=number),),
        now=now,
        data=data,
    )
    return number


@transaction.atomic
def start_export(*, asked: Asked, form: str, actor: User, now: datetime) -> Job:
    """Ask for a list as a file, in the language it is asked for in, and return the job."""
    params = {
        "list": asked.listing.code,
        "query": asked.query.urlencode(),
        "form": form,
        "order": list(asked.order),
        "whole": asked.is_whole,
        "language": translation.get_language(),
    }
    return start_job(kind=KIND, owner=actor, params=params, now=now)


@transaction.atomic
def export_list(*, job: Job, now: datetime) -> Kept:
    """Write the list a job names, as its owner sees it now, and journal it. NotAllowed, ListUnusable."""
    given, owner = job.params, job.owner
    found, form = listing(given["list"]), given["form"]
    if owner is None or not owner.is_active or not owner.has_perm(found.export_permission):
        raise NotAllowed
    with translation.override(given.get("language") or translation.get_language()):
        asked = read_usable(
            found,
            QueryDict(given["query"]),
            owner,
            order=given.get("order", ()),
            is_whole=given.get("whole", False),
        )
        number = record_export(asked=asked, form=form, actor=owner, now=now)
        return keep_list(
            asked=asked,
            form=form,
            number=number,
            name=found.code,
            purpose=KIND,
            owner=owner,
            subject=job,
            now=now,
            delete_after=now + KEPT,
        )

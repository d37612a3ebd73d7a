"""Card files as people send them: kept sealed, as they may hold PIN and PUK, and imported by a job."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import PurePath

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team, User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.kernel.crypto import seal, unseal
from cardfleet.kernel.errors import NotVisible, Reason
from cardfleet.kernel.tabular import open_table
from cards.errors import FileRefused
from cards.exporters.rejects import suffix, write_rejects
from cards.importers.cards import CardSheet, read_cards
from lifecycle.services.takeover import FleetImport, import_card_file

KIND = "cards.import"
KEPT = timedelta(days=30)
MAX_BYTES = 64 << 20


@transaction.atomic
def ask_card_import(
    *,
    upload: "File[bytes]",
    team: Team | None,
    reason: str,
    create_missing: bool,
    dry_run: bool,
    actor: User,
    now: datetime,
) -> Job:
    """Keep an uploaded card file and ask for its import; the edge that asks enqueues the job.

    A file that is no table at all is refused at once (BadInput); all else is the job's answer.
    """
    name = PurePath(upload.name or "cards").name
    if upload.size > MAX_BYTES:
        message = format_lazy(_("A card file may have {limit} MB. Split this one."), limit=MAX_BYTES >> 20)
        raise FileRefused(message=message, reasons=[Reason(code="file_too_large", message=message)])
    content = upload.read()
    open_table(io.BytesIO(content), name)
    stored = store(
        content=seal(content),
        name=f"{name}.sealed",
        purpose="cards.import",
        owner=actor,
        now=now,
        delete_after=now + KEPT,
    )
    params = {
        "name": name,
        "team": team.pk if team else None,
        "reason": reason,
        "create_missing": create_missing,
        "dry_run": dry_run,
    }
    return start_job(kind=KIND, owner=actor, params=params, input_file=stored, now=now)


@transaction.atomic
def import_for_real(*, tried: Job, actor: User, now: datetime) -> Job:
    """Ask for the import that a dry run tried, of the same file with the same choices."""
    params = {**tried.params, "dry_run": False}
    return start_job(kind=KIND, owner=actor, params=params, input_file=tried.input_file, now=now)


def read_upload(job: Job, wants: Callable[[int], bool]) -> CardSheet:
    """Return the wanted lines of a job's card file."""
    if job.input_file is None:
        raise NotVisible
    with job.input_file.content.open("rb") as sealed:
        table = open_table(io.BytesIO(unseal(sealed.read())), job.params["name"])
    return read_cards(table).only(wants)


def run_card_import(*, job: Job, sheet: CardSheet, now: datetime) -> FleetImport:
    """Do what a job asks for: import its file by its owner's scope, into the team that was chosen."""
    params = job.params
    return import_card_file(
        sheet=sheet,
        create_missing=params["create_missing"],
        team=Team.objects.filter(pk=params["team"]).first(),
        reason=params["reason"],
        dry_run=params["dry_run"],
        actor=job.owner,
        now=now,
    )


def store_rejects(*, job: Job, sheet: CardSheet, done: FleetImport, now: datetime) -> StoredFile | None:
    """Keep the refused lines as a file for correction; nothing when none was refused."""
    if not done.cards.refused:
        return None
    target = io.BytesIO()
    write_rejects(target, sheet, done.cards.refused)
    return store(
        content=ContentFile(target.getvalue()),
        name=f"{PurePath(job.params['name']).stem}-rejected{suffix(sheet)}",
        purpose="cards.rejects",
        owner=job.owner,
        subject=job,
        now=now,
        delete_after=now + KEPT,
        made_here=True,
    )

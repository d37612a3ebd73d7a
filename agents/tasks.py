"""Long work about agents."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import BinaryIO, cast

from celery.schedules import crontab
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.exporters.import_results import rejects_csv, sign_ins_csv
from agents.importers.agents import AgentSheet, read_agents
from agents.importers.callees import CalleeLine, open_sheet, read_line
from agents.services.agent_import import AgentImportOutcome, import_agents
from agents.services.callee_import import FILE_KEPT, KIND, import_callees
from agents.services.confirmations import remind_confirmations
from agents.services.delegations import tell_of_delegations
from agents.services.returns import remind_returns
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.jobs.handlers import Outcome, handler
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress
from cardfleet.jobs.scheduling import scheduled
from cardfleet.kernel.tabular import open_table

PASSWORDS_KEPT = timedelta(days=1)


@scheduled("remind_returns", crontab(hour=9, minute=0))
def remind(*, on: date, now: datetime) -> dict[str, int]:
    """Remind of cards that are to come back."""
    return remind_returns(today=on, now=now)


@scheduled("remind_confirmations", crontab(hour=9, minute=20))
def remind_of_details(*, on: date, now: datetime) -> dict[str, int]:
    """Remind holders to confirm the details of their cards this quarter."""
    return remind_confirmations(today=on, now=now)


@scheduled("tell_of_delegations", crontab(minute="*/2"))
def tell_deputies(*, on: date, now: datetime) -> dict[str, int]:
    """Tell both sides of what was lent, ends soon or was ended."""
    return tell_of_delegations(now=now)


@handler("agents.import", label=gettext_lazy("Agent import"))
@transaction.atomic
def import_agent_file(job: Job, progress: Progress) -> Outcome:
    """Import the job's file; refused rows come back as a file, new sign-ins in one that is deleted after a day.

    Passwords and their file are one transaction, so that a worker that dies loses none.
    """
    sheet = _read(job, progress)
    outcome = import_agents(
        sheet=sheet,
        actor=job.owner,
        now=timezone.now(),
        dry_run=job.params.get("dry_run", False),
        create_missing=job.params.get("create_missing", False),
        looked_at=lambda line, reason: progress.refuse(line, reason) if reason else progress.done(),
    )
    summary = {
        str(_("New sign-ins")): len(outcome.sign_ins),
        str(_("Changed")): outcome.updated,
        str(_("As they were")): outcome.unchanged,
        str(_("Leavers skipped")): outcome.skipped,
    }
    return Outcome(summary=summary, result_file=_result(job, sheet, outcome))


def _read(job: Job, progress: Progress) -> AgentSheet:
    assert job.input_file is not None  # noqa: S101 - the page stores it with the job
    with job.input_file.content.open("rb") as file:
        sheet = read_agents(open_table(cast("BinaryIO", file), job.input_file.name))
    wanted = [line for line in sheet.lines if progress.wants(line.number)]
    progress.expect(len(wanted))
    return replace(sheet, lines=wanted)


def _result(job: Job, sheet: AgentSheet, outcome: AgentImportOutcome) -> StoredFile | None:
    """Store the one file there is to take away, or both in an archive."""
    files = {}
    if outcome.sign_ins and not job.params.get("dry_run"):
        rows = [(row.staff_no, row.name, row.password) for row in outcome.sign_ins]
        files["passwords.csv"] = sign_ins_csv(rows)
    if outcome.refused:
        files["rejects.csv"] = rejects_csv(sheet.header, outcome.refused)
    if not files:
        return None
    name, content = next(iter(files.items()))
    if len(files) > 1:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as target:
            for part, text in files.items():
                target.writestr(part, text)
        name, content = "import.zip", archive.getvalue()
    now = timezone.now()
    return store(
        content=content,
        name=f"agents-{job.pk}-{name}",
        purpose="agents.import",
        owner=job.owner,
        subject=job,
        now=now,
        delete_after=now + PASSWORDS_KEPT if outcome.sign_ins else None,
        made_here=True,
    )


@handler(KIND, label=gettext_lazy("Import of callees' entries"))
def import_callee_file(job: Job, progress: Progress) -> Outcome:
    """Store the refusals and consents of the job's file; refused rows come back as a file that is deleted in time."""
    assert job.input_file is not None  # noqa: S101 - the page stores it with the job
    now = timezone.now()
    with job.input_file.content.open("rb") as file:
        header, rows = open_sheet(open_table(cast("BinaryIO", file), job.input_file.name))
        outcome = import_callees(
            lines=(read_line(header, number, cells, now=now) for number, cells in rows if progress.wants(number)),
            actor=job.owner,
            now=now,
            proof=StoredFile.objects.filter(pk=job.params["proof"]).first() if job.params.get("proof") else None,
            job=job,
            looked_at=partial(_tell_of, progress),
        )
    rejects = None
    if outcome.refused:
        content = rejects_csv(header, outcome.refused)
        name = f"callees-{job.pk}-rejects.csv"
        after = now + FILE_KEPT
        rejects = store(
            content=content,
            name=name,
            purpose=KIND,
            owner=job.owner,
            subject=job,
            now=now,
            delete_after=after,
            made_here=True,
        )
    summary = {str(_("Stored")): outcome.stored, str(_("As they were")): outcome.known}
    return Outcome(summary=summary, result_file=rejects)


def _tell_of(progress: Progress, line: CalleeLine) -> None:
    if line.reasons:
        progress.refuse(line.number, line.reasons[0])
    else:
        progress.done()

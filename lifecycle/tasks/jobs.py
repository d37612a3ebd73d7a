"""Long work of lifecycle that somebody waits for."""

from dataclasses import replace
from functools import partial
from typing import BinaryIO, cast

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.exporters.import_results import rejects_csv
from cardfleet.files.services import store
from cardfleet.jobs.handlers import Outcome, handler
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.tabular import open_table
from cards.choices import STOPPED
from cards.importers.rows import Line
from cards.models import Card
from lifecycle.bulk.registry import BulkAction, actions
from lifecycle.bulk.running import run_bulk, run_undo
from lifecycle.importers.devices import read_devices
from lifecycle.rules.replay import Draft
from lifecycle.selectors.replay import DAYS, replay
from lifecycle.services.assessment import assess_suspension_risk
from lifecycle.services.card_files import KIND, read_upload, run_card_import, store_rejects
from lifecycle.services.desk.answers import KIND as ANSWER
from lifecycle.services.desk.answers import write_answer
from lifecycle.services.device_files import KIND as DEVICES
from lifecycle.services.device_import import import_devices
from lifecycle.services.packs import KIND as PACK
from lifecycle.services.packs import make_pack

ASSESSMENT = "lifecycle.assess"
REPLAY = "lifecycle.replay"


@handler(ASSESSMENT, label=_("Risk assessment"))
def assess_now(job: Job, progress: Progress) -> Outcome:
    """Assess the fleet because somebody asked."""
    progress.expect(Card.objects.live().exclude(service_state__in=STOPPED).count())
    return Outcome(summary=assess_suspension_risk(now=timezone.now(), progress=progress.done).counts())


@handler(REPLAY, label=_("Replay of a rule"))
def replay_rule(job: Job, progress: Progress) -> Outcome:
    """Replay a rule that is not written yet on the calls of the last 30 days."""
    progress.expect(DAYS)
    draft = Draft.from_json(job.params["draft"])
    found = replay(draft, now=timezone.now(), on_records=True, told=progress.done)
    return Outcome(summary=found.as_json())


@handler(KIND, label=_("Card import"))
def import_cards(job: Job, progress: Progress) -> Outcome:
    """Import an uploaded card file; the same job twice changes nothing the second time."""
    now = timezone.now()
    sheet = read_upload(job, progress.wants)
    progress.expect(len(sheet))
    done = run_card_import(job=job, sheet=sheet, now=now)
    progress.done(len(done.cards.stored))
    for line in done.cards.refused:
        progress.refuse(line.number, _in_one(line))
    for warning in done.cards.warnings:
        progress.warn(warning.line or 0, warning)
    summary = {**done.counts(), "warnings": len(done.cards.warnings), "made": [str(made) for made in done.cards.made]}
    return Outcome(summary=summary, result_file=store_rejects(job=job, sheet=sheet, done=done, now=now))


@handler(DEVICES, label=_("Device import"))
def import_device_file(job: Job, progress: Progress) -> Outcome:
    """Import the devices of the job's file; refused rows come back as a file."""
    assert job.input_file is not None  # noqa: S101 - the page stores it with the job
    now = timezone.now()
    with job.input_file.content.open("rb") as file:
        sheet = read_devices(open_table(cast("BinaryIO", file), job.input_file.name))
    sheet = replace(sheet, lines=[line for line in sheet.lines if progress.wants(line.number)])
    progress.expect(len(sheet.lines))
    done = import_devices(
        sheet=sheet,
        actor=job.owner,
        now=now,
        looked_at=lambda line, reason: progress.refuse(line, reason) if reason else progress.done(),
    )
    rejects = None
    if done.refused:
        content, name = rejects_csv(sheet.header, done.refused), f"devices-{job.pk}-rejects.csv"
        rejects = store(
            content=content, name=name, purpose=DEVICES, owner=job.owner, subject=job, now=now, made_here=True
        )
    summary = {
        str(gettext("New devices")): done.created,
        str(gettext("Changed")): done.updated,
        str(gettext("As they were")): done.unchanged,
        str(gettext("Cards put in")): done.bound,
    }
    return Outcome(summary=summary, result_file=rejects)


@handler(ANSWER, label=_("Answer to a subject request"))
def answer_request(job: Job, progress: Progress) -> Outcome:
    """Write what is kept on whoever asked; the same job twice writes one file."""
    progress.expect(1)
    written = write_answer(job=job, now=timezone.now())
    progress.done()
    return Outcome(result_file=written)


@handler(PACK, label=_("Pack of evidence"))
def make_evidence_pack(job: Job, progress: Progress) -> Outcome:
    """Write a pack; the same job twice writes one file. Its rows are told as they are written."""
    pack = make_pack(job=job, now=timezone.now(), expect=progress.expect, tell=progress.done)
    summary = {str(gettext("Cards")): pack.cards, str(gettext("Rows")): pack.rows, str(gettext("Files")): pack.files}
    return Outcome(summary=summary, result_file=pack.file)


def _in_one(line: Line) -> Reason:
    """Return all that is wrong with a line as one reason at its first place."""
    first, *others = line.reasons
    if not others:
        return replace(first, message=_said(first))
    sentences = [f"{reason.column}: {_said(reason)}" if reason.column else _said(reason) for reason in line.reasons]
    return replace(first, message=" ".join(sentences))


def _said(reason: Reason) -> str:
    return f"{reason.message} {reason.clears}".strip()


def do_in_bulk(action: BulkAction, job: Job, progress: Progress) -> Outcome:
    """Do an action to many cards."""
    return run_bulk(action, job, progress, clock=timezone.now)


def undo_in_bulk(action: BulkAction, job: Job, progress: Progress) -> Outcome:
    """Undo what a job did to many cards."""
    return run_undo(action, job, progress, clock=timezone.now)


for one in actions():
    handler(one.kind, label=one.job_label, undo=one.undo_kind, right=one.right)(partial(do_in_bulk, one))
    if one.undo:
        handler(one.undo_kind, label=one.undo_label)(partial(undo_in_bulk, one))

"""What workers do for lifecycle."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import BinaryIO, cast

from celery.schedules import crontab
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.exporters.import_results import rejects_csv
from cardfleet.files.services import store
from cardfleet.jobs.handlers import Outcome, handler
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress
from cardfleet.jobs.scheduling import scheduled
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.tabular import open_table
from cards.choices import STOPPED
from cards.importers.rows import Line
from cards.models import Card
from cards.services.contracts import renew_contracts
from lifecycle.bulk.registry import BulkAction, actions
from lifecycle.bulk.running import run_bulk, run_undo
from lifecycle.importers.devices import read_devices
from lifecycle.rules.replay import Draft
from lifecycle.selectors.replay import DAYS, replay
from lifecycle.services.arrears import check_arrears
from lifecycle.services.assessment import assess_suspension_risk
from lifecycle.services.card_files import KIND, read_upload, run_card_import, store_rejects
from lifecycle.services.cases import watch_cases
from lifecycle.services.cases.found_stops import open_left
from lifecycle.services.cases.future import look_ahead
from lifecycle.services.desk.answers import KIND as ANSWER
from lifecycle.services.desk.answers import write_answer
from lifecycle.services.desk.watching import watch_desk
from lifecycle.services.device_files import KIND as DEVICES
from lifecycle.services.device_import import import_devices
from lifecycle.services.digests import send_digests
from lifecycle.services.drills import open_drills
from lifecycle.services.escalation import escalate_alerts
from lifecycle.services.experience import learn_from_stops
from lifecycle.services.forwarding import remind_forwardings
from lifecycle.services.freezes import follow_freezes
from lifecycle.services.id_checks import ask_everybody
from lifecycle.services.lapses import watch_lapses
from lifecycle.services.leavers import look_after_leavers
from lifecycle.services.notices import end_notices
from lifecycle.services.notified import reckon_calling_numbers
from lifecycle.services.number_notices import forget_recipients
from lifecycle.services.number_reviews import open_number_reviews
from lifecycle.services.reminders import remind_expiries
from lifecycle.services.reverification import watch_reverification
from lifecycle.services.signals import watch_signals
from lifecycle.services.watch import watch_fleet

ASSESSMENT = "lifecycle.assess"
REPLAY = "lifecycle.replay"


@scheduled("remind_expiries", crontab(hour=8, minute=0))
def remind(*, on: date, now: datetime) -> dict[str, int]:
    """Remind of what ends 60, 30, 7 and 1 days ahead."""
    return remind_expiries(today=on, now=now).counts()


@scheduled("watch_training", crontab(hour=8, minute=10))
def watch_training(*, on: date, now: datetime) -> dict[str, int]:
    """Tell of required trainings that lapsed, and have cards taken back where they were not renewed."""
    return watch_lapses(today=on, now=now, return_days=settings.TRAINING_RETURN_DAYS)


@scheduled("renew_contracts", crontab(hour=0, minute=20))
def renew(*, on: date, now: datetime) -> dict[str, int]:
    """Move contracts that renewed themselves on to their next term."""
    return {"renewed": renew_contracts(today=on, now=now)}


@scheduled("look_ahead", crontab(hour=7, minute=30))
def open_ahead(*, on: date, now: datetime) -> dict[str, int]:
    """Open renewals and idle cases that are due; close idle cases of cards used again."""
    return look_ahead(today=on, now=now).counts()


@scheduled("check_arrears", crontab(hour="*/2", minute=10))
def watch_money(*, on: date, now: datetime) -> dict[str, int]:
    """Look for cards that owe or run out of money."""
    return check_arrears(today=on, now=now).counts()


@scheduled("assess_suspension_risk", crontab(hour="8-20", minute="*/15"))
def assess(*, on: date, now: datetime) -> dict[str, int]:
    """Gather how the fleet calls and assess it, while it does."""
    return watch_fleet(on=on, now=now)


@scheduled("learn_from_stops", crontab(hour=3, minute=40))
def learn(*, on: date, now: datetime) -> dict[str, int]:
    """Learn from the stops of the last months where carriers stop cards."""
    return learn_from_stops(today=on)


@scheduled("watch_signals", crontab(minute="*/5"))
def watch_failed_calls(*, on: date, now: datetime) -> dict[str, int]:
    """Look for cards whose calls fail as if their carrier stopped them."""
    return watch_signals(now=now).counts()


@scheduled("open_left_stops", crontab(minute="25,55"))
def see_to_left_stops(*, on: date, now: datetime) -> dict[str, int]:
    """Open cases of stops that outlasted what explained them."""
    return open_left(now=now)


@scheduled("watch_reverification", crontab(minute="*/5"))
def watch_clocks(*, on: date, now: datetime) -> dict[str, int]:
    """Look for re-verifications that are due or over."""
    return watch_reverification(now=now).counts()


@scheduled("ask_id_checks", crontab(hour=9, minute=40))
def ask_for_id_checks(*, on: date, now: datetime) -> dict[str, int]:
    """Ask each agent once a year what numbers are under their ID."""
    return {"asked": ask_everybody(today=on, now=now)}


@scheduled("watch_leavers", crontab(minute="3-58/5"))
def watch_those_who_leave(*, on: date, now: datetime) -> dict[str, int]:
    """End the access of those whose last day is over, and look what is left of leavers."""
    return look_after_leavers(today=on, now=now)


@scheduled("follow_freezes", crontab(hour=1, minute=15))
def follow_ended_numbers(*, on: date, now: datetime) -> dict[str, int]:
    """Record ended numbers as frozen, and as released when their freeze is over."""
    return follow_freezes(on=on, now=now)


@scheduled("open_number_reviews", crontab(hour=7, minute=20))
def review_numbers(*, on: date, now: datetime) -> dict[str, int]:
    """Open a review of the numbers whose industry asks for one, or whose day has come."""
    return {"opened": open_number_reviews(on=on, now=now)}


@scheduled("reckon_calling_numbers", crontab(minute=35))
def reckon_numbers(*, on: date, now: datetime) -> dict[str, int]:
    """Count the numbers that called in the period, by carrier and contract."""
    return {"groups": reckon_calling_numbers(on=on, now=now)}


@scheduled("escalate_alerts", crontab(minute="*/10"))
def escalate(*, on: date, now: datetime) -> dict[str, int]:
    """Tell the next role of alerts that nobody sees to."""
    return escalate_alerts(now=now)


@scheduled("watch_cases", crontab(minute="3-53/10"))
def watch_open_cases(*, on: date, now: datetime) -> dict[str, int]:
    """Look what the carrier did to cards whose cases wait, who never answers, and which clocks ran out."""
    return watch_cases(now=now)


@scheduled("watch_desk", crontab(hour=8, minute=50))
def watch_compliance(*, on: date, now: datetime) -> dict[str, int]:
    """Tell of what is overdue at the compliance desk."""
    return watch_desk(now=now)


@scheduled("end_notices", crontab(minute="5-55/10"))
def end_carrier_notices(*, on: date, now: datetime) -> dict[str, int]:
    """Let what is still open after a carrier's works stand for itself."""
    return end_notices(now=now)


@scheduled("send_digests", crontab(minute="*/15"))
def digest(*, on: date, now: datetime) -> dict[str, int]:
    """Send the daily digest to those whose hour has come."""
    return send_digests(on=on, now=now)


@scheduled("remind_forwardings", crontab(hour=8, minute=20))
def remind_of_forwardings(*, on: date, now: datetime) -> dict[str, int]:
    """Remind of forwardings that end soon or are not set up yet."""
    return remind_forwardings(on=on, now=now)


@scheduled("open_drills", crontab(hour=8, minute=40))
def drill(*, on: date, now: datetime) -> dict[str, int]:
    """Open the drill of each team that had none this month."""
    return open_drills(on=on, now=now)


@scheduled("forget_recipients", crontab(hour=3, minute=55))
def forget_people(*, on: date, now: datetime) -> dict[str, int]:
    """Delete the people of notices whose time is over."""
    return forget_recipients(on=on, now=now)


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
        rejects = store(content=content, name=name, purpose=DEVICES, owner=job.owner, subject=job, now=now)
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

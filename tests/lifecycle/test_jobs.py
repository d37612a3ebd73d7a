"""The three jobs as beat sends them and a real worker does them, over a real Redis."""

from datetime import timedelta
from decimal import Decimal

import pytest
from celery.beat import Scheduler
from celery.schedules import crontab
from django.utils import timezone

from billing.choices import EntryKind
from billing.services.ledger import post
from cardfleet.accounts.choices import Role
from cardfleet.celery import app
from cardfleet.jobs import dispatch
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job, ScheduledRun
from cardfleet.jobs.services import start_job
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.reference import load
from cardfleet.notify.models import InboxItem
from lifecycle.choices import AlertKind
from lifecycle.models import Alert, RiskAssessment
from lifecycle.tasks import ASSESSMENT
from tests.conftest import wait_until
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import UsageDailyFactory

JOBS = {
    "remind_expiries": (crontab(hour=8, minute=0), AlertKind.CARD_EXPIRY),
    "check_arrears": (crontab(hour="*/2", minute=10), AlertKind.ARREARS),
    "assess_suspension_risk": (crontab(hour="8-20", minute="*/15"), AlertKind.SUSPENSION_RISK),
}


@pytest.fixture
def supervisor(transactional_db):
    """Somebody with a team, and a card in it that each job has something to say about."""
    now = timezone.now()
    load(now=now)
    team = TeamFactory()
    card = CardFactory(team=team, expires_on=business_day(now) + timedelta(days=7))
    UsageDailyFactory(card=card, day=business_day(now), calls=210, last_at=now)
    account = AccountFactory(carrier=card.carrier, cards=[card])
    post(account=account, kind=EntryKind.OPENING, amount=Decimal(-20), actor=None, now=now)
    return PersonFactory(role=Role.SUPERVISOR, scope=team)


def test_beat_has_the_three_jobs_at_their_times():
    """R10, R15, R29, R42: nobody has to remember to look."""
    for name, (when, _kind) in JOBS.items():
        assert app.conf.beat_schedule[name]["schedule"] == when


def test_beats_entries_make_a_worker_write_alerts_and_tell_the_supervisor(supervisor, worker):
    """R6, R15, R42: expiry, arrears and risk become alerts that somebody is told of, without anybody asking."""
    beat = Scheduler(app=app, lazy=True)
    beat.setup_schedule()
    for name in JOBS:
        beat.apply_async(beat.schedule[name], advance=False)
    names = sorted(JOBS)
    wait_until(
        lambda: sorted(ScheduledRun.objects.filter(ok=True).values_list("name", flat=True)) == names,
        what="the worker does not run the three jobs",
    )
    kinds = set(Alert.objects.open().values_list("kind", flat=True))
    assert kinds == {kind for _when, kind in JOBS.values()}
    assert InboxItem.objects.filter(user=supervisor).count() == len(JOBS)


def test_somebody_asks_for_an_assessment_now(supervisor, worker):
    """R42: the same work as a job with progress."""
    job = start_job(kind=ASSESSMENT, owner=supervisor, now=timezone.now())
    dispatch.enqueue(job)
    wait_until(lambda: Job.objects.get(pk=job.pk).state == JobState.DONE, what="the assessment does not end")
    job.refresh_from_db()
    assert (job.succeeded, job.summary["assessed"], job.summary["alerts_opened"]) == (1, 1, 1)
    assert RiskAssessment.objects.get().score >= 70

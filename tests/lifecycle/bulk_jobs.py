"""Bulk jobs as their tests start and run them."""

from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from lifecycle.bulk.selection import Selection
from lifecycle.bulk.starting import allowed_action, ask_bulk
from tests.conftest import FRIDAY


def start(name, cards, person, **given) -> Job:
    """Ask for an action on cards (or on what a filter matches) and return its job, waiting."""
    selection = cards if isinstance(cards, Selection) else Selection(ids=[card.pk for card in cards])
    action = allowed_action(name, person)
    return ask_bulk(action=action, selection=selection, given=given, actor=person, now=FRIDAY)


def run(job: Job) -> Job:
    """Let a worker do a job and return it as it ended."""
    run_job(job.pk)
    return Job.objects.select_related("result_file").get(pk=job.pk)


def done(name, cards, person, **given) -> Job:
    """Do an action and return its job."""
    return run(start(name, cards, person, **given))

"""What the journal may say about jobs."""

from django.utils.translation import gettext_lazy as _

from cardfleet.jobs import handlers
from cardfleet.jobs.choices import JobState
from cardfleet.journal.registry import one_of, register
from cardfleet.journal.subjects import register_subject

register("jobs.job_started", _("Job asked for"), icon="player-play", values={"kind": handlers.label})
register("jobs.job_ended", _("Job ended"), icon="flag-check", values={"state": one_of(JobState)})

register_subject("jobs.job", url_name="jobs:detail", called=lambda job: handlers.label(job.kind))

"""What the journal may say about jobs."""

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.registry import register

register("jobs.job_started", _("Job asked for"), icon="player-play")
register("jobs.job_ended", _("Job ended"), icon="flag-check")

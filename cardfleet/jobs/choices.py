"""Vocabulary of long work."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """Where a job is. `partial` ended with some rows refused, `failed` stored nothing more and says why."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    PARTIAL = "partial", _("Partly done")
    FAILED = "failed", _("Failed")


ENDED = frozenset({JobState.DONE, JobState.PARTIAL, JobState.FAILED})

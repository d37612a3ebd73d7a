"""Vocabulary of connections: what is fetched from others, how, and how it went."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConnectionKind(models.TextChoices):
    """How something is fetched."""

    JSON = "json", _("JSON over HTTP")
    FOLDER = "folder", _("Files laid into a folder")


class ConnectionSubject(models.TextChoices):
    """What is fetched; a connection fetches one thing."""

    BALANCES = "balances", _("Balances of cards")
    STATES = "states", _("States of cards")
    USAGE = "usage", _("Call records")
    AGENTS = "agents", _("Agents and teams")


class RunOutcome(models.TextChoices):
    """How a run of a connection went."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    LOST = "lost", _("Ended in the middle")

"""Vocabulary of people and teams."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The five roles, each a group with permissions."""

    ADMIN = "admin", _("Administrator")
    SUPERVISOR = "supervisor", _("Supervisor")
    FINANCE = "finance", _("Finance")
    COMPLIANCE = "compliance", _("Compliance")
    AGENT = "agent", _("Agent")


class TeamKind(models.TextChoices):
    """Levels of the team tree."""

    COMPANY = "company", _("Company")
    LEGAL_ENTITY = "legal_entity", _("Legal entity")
    SITE = "site", _("Site")
    TEAM = "team", _("Team")

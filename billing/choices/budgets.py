"""Vocabulary of budgets."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BudgetScope(models.TextChoices):
    """Whose costs a budget limits; a team's are those of the teams below it too."""

    COMPANY = "company", _("Company")
    TEAM = "team", _("Team")
    AGENT = "agent", _("Agent")
    CARD = "card", _("Card")


class BudgetPeriod(models.TextChoices):
    """How long a budget is for."""

    MONTH = "month", _("Month")
    YEAR = "year", _("Year")

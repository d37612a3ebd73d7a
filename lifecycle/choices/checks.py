"""Vocabulary of checked calls (R58, R59, R60)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckCategory(models.TextChoices):
    """What was wrong with a call; complaints are named by the same words."""

    RUDE = "rude", _("Impolite or abusive")
    MISLEADING = "misleading", _("Misleading or exaggerated")
    UNCLEAR = "unclear", _("Unclear or inaccurate")
    PRESSURE = "pressure", _("Pressure to buy")
    ANONYMOUS = "anonymous", _("Identity not stated")
    NO_OPT_OUT = "no_opt_out", _("No way offered to refuse")
    OTHER = "other", _("Something else")

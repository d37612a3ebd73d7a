"""Vocabulary of what lies between a carrier's balance and ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DifferencePart(models.TextChoices):
    """What CardFleet knows that may explain a difference."""

    CALLS_OF_THE_DAY = "calls_of_the_day", _("Calls of the day of the reading, not billed yet")
    CALLS_OF_THE_DAY_BEFORE = "calls_of_the_day_before", _("Calls of the day before, not billed yet")
    FEE_POSTED = "fee_posted", _("Monthly fee that we posted and the carrier has not charged")
    FEE_AHEAD = "fee_ahead", _("Monthly fee that the carrier charged and we have not posted")
    BEFORE = "before", _("Difference of the reading before")


class DifferenceCause(models.TextChoices):
    """What a person says a difference is."""

    UNBILLED = "unbilled", _("Not billed yet")
    LATE = "late", _("Call records or entries are missing here")
    TAKEOVER = "takeover", _("Balance of the take-over was wrong")
    DISPUTED = "disputed", _("Disputed with the carrier")
    OTHER = "other", _("Other cause")

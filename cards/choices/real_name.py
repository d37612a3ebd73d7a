"""Vocabulary of registrations and sanctions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SanctionBasis(models.TextChoices):
    """Why somebody may get no new number (联合惩戒办法 art. 3, in force since 2024-12-01)."""

    CONVICTED = "convicted", _("Convicted: three years")
    POLICE = "police", _("Found by the police: two years")
    CARRIER = "carrier", _("Told by the carrier")
    OTHER = "other", _("Other basis")


class RealNameFault(models.TextChoices):
    """What is wrong between registrant, registered user and holder of a card (R23, R74, R85)."""

    NO_REGISTRANT = "no_registrant", _("No registrant recorded")
    UNCHECKED = "unchecked", _("Registration not in order")
    NO_PROOF = "no_proof", _("No proof")
    PROOF_OVER = "proof_over", _("Proof expired")
    LENT = "lent", _("Personal card lent")
    OTHER_USER = "other_user", _("Held by another than its user")
    NO_USER = "no_user", _("No user registered")
    USER_LEFT = "user_left", _("Its user has left")
    OVER_HERE = "over_here", _("Too many with this carrier")
    OVER_ALL = "over_all", _("Too many in all")
    SANCTIONED = "sanctioned", _("Under sanction")


class CopyPurpose(models.TextChoices):
    """What a copy of an ID is looked at for; the code is burnt into what is shown."""

    VERIFICATION = "verification", _("Second verification with the carrier")
    TRANSFER = "transfer", _("Transfer or change of user")
    CANCELLATION = "cancellation", _("Cancellation at the carrier")
    AUDIT = "audit", _("Audit or authority")

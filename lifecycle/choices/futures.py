"""What becomes of a card: kept, renewed, released, cancelled, passed on, destroyed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeepVerdict(models.TextChoices):
    """What the facts advise about a number; a person decides (R99)."""

    KEEP = "keep", _("Keep it in use")
    SPARE = "spare", _("Keep it as a spare")
    WAIT = "wait", _("Give it up later")
    CANCEL = "cancel", _("Give it up now")


class Side(models.TextChoices):
    """What a fact speaks for."""

    KEEP = "keep", _("Speaks for keeping")
    CANCEL = "cancel", _("Speaks for giving up")


class PaidFrom(models.TextChoices):
    """What paid a fee of the carrier's for a card (R15, R52)."""

    BALANCE = "balance", _("Balance of the card")
    BESIDE = "beside", _("Paid at once, beside the balance")


class CancelChannel(models.TextChoices):
    """How a number is cancelled with its carrier (R89, R90)."""

    WEB_APP = "web_app", _("Carrier's site or app")
    HOTLINE = "hotline", _("Carrier's hotline")
    OUTLET = "outlet", _("Carrier's outlet")


class DestructionMethod(models.TextChoices):
    """How plastic is destroyed. Degaussing is listed to be refused with the reason (R17, C10)."""

    CUT = "cut", _("Cut through the chip")
    SHRED = "shred", _("Shredded")
    DEGAUSS = "degauss", _("Degaussed")


class RenewalDecision(models.TextChoices):
    """What becomes of a card whose validity ends (R15)."""

    RENEW = "renew", _("Renew")
    CANCEL = "cancel", _("Cancel it in order")
    LAPSE = "lapse", _("Let it lapse")


class IdleDecision(models.TextChoices):
    """What becomes of a card that nobody uses (R100, R102)."""

    USE = "use", _("Use it genuinely")
    RELEASE = "release", _("Release it")


class TransferTo(models.TextChoices):
    """In whose name a number goes: never an outsider's (R74)."""

    COMPANY = "company", _("Into the company's own name")
    STAFF = "staff", _("To one of our own people")

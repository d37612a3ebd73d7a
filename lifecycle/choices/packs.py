"""Vocabulary of evidence packs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PackedAs(models.TextChoices):
    """Where a file was attached."""

    SIGNATURE = "signature", _("Signature under a receipt")
    CASE = "case", _("Document of a case")
    MATTER = "matter", _("Proof of a complaint's step")
    TRAINING = "training", _("Proof of training")
    AUDIT = "audit", _("Proof of an audit")
    RULE = "rule", _("Source of a rule")
    CARD = "card", _("Document of a card")


class WhyNotPacked(models.TextChoices):
    """Why a file is listed with its hash and stays out of the pack."""

    MAY_BEAR_IDS = "may_bear_ids", _("may bear ID papers")
    NAMES_INSIDE = "names_inside", _("holds names of people, which this pack masks")
    HOLDS_ID = "holds_id", _("holds an ID number or a secret")
    UNREADABLE = "unreadable", _("a kind of file nobody can look into")
    GONE = "gone", _("deleted when its time was over")
    CHANGED = "changed", _("no longer what was stored")

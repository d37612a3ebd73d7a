"""The history of a card's states."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cards.choices import Axis, ChangeSource
from cards.models.card import Card
from cards.querysets import CardChangeQuerySet


class CardChange(models.Model):
    """One change of one state: append-only. `at` is when it happened, `recorded_at` when we learnt of it.

    A mistake is taken back by a further row that `reverses` it; neither of the two stands.
    """

    # The index of the history finds the rows of a card, too.
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="changes", db_index=False
    )
    axis = models.CharField(_("axis"), max_length=7, choices=Axis)
    from_state = models.CharField(_("from"), max_length=16, blank=True)
    to_state = models.CharField(_("to"), max_length=16)
    reason = models.CharField(_("reason"), max_length=16, blank=True)
    at = models.DateTimeField(_("time"))
    recorded_at = models.DateTimeField(_("recorded at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    source = models.CharField(_("source"), max_length=12, choices=ChangeSource)
    evidence = models.ForeignKey(
        StoredFile,
        verbose_name=_("evidence"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.TextField(_("note"), blank=True)
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("takes back"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
    )

    objects = CardChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("state change")
        verbose_name_plural = _("state changes")
        ordering = ["-id"]
        # Rows come in the order of time, so a few bytes tell which blocks hold the last weeks.
        indexes = [
            models.Index(fields=["card", "-id"], name="card_change_history"),
            BrinIndex(fields=["at"], autosummarize=True, name="card_change_at"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.card_id} {self.axis} {self.from_state} > {self.to_state}"

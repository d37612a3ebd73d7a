"""Calls of revoked batches, moved aside."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from billing.choices import CallDirection
from billing.models.source import UsageSource, VoiceLine
from billing.models.usage import UsageBatch
from billing.querysets import OfCardQuerySet
from cardfleet.accounts.models import Team
from cards.models import Card

# Evidence (X14): only a retention run takes rows out, when their time is over.
NOT_RETAINED_OUT = "current_setting('cardfleet.retention', true) IS DISTINCT FROM 'on'"


class RevokedUsage(models.Model):
    """A call that left with its batch: of a card, or on a voice line, as it was stored (invariant 4).

    The batch says why and when. No constraints on the keys, as with the calls themselves: rows come by the hundred
    thousand. `source` and what a line's call does not have are NULL there.
    """

    batch = models.ForeignKey(
        UsageBatch,
        verbose_name=_("batch"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="revoked_rows",
    )
    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    line = models.ForeignKey(
        VoiceLine,
        verbose_name=_("voice line"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    started_at = models.DateTimeField(_("start"))
    uid = models.UUIDField(_("id in the source"))
    source = models.ForeignKey(
        UsageSource,
        verbose_name=_("source"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    agent = models.ForeignKey(
        Agent,
        verbose_name=_("agent"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    msisdn = models.CharField(_("own number"), max_length=16, blank=True)
    direction = models.CharField(_("direction"), max_length=3, choices=CallDirection)
    counterpart = models.CharField(_("other number"), max_length=32)
    duration_s = models.PositiveIntegerField(_("seconds"))
    answered = models.BooleanField(_("answered"))
    fee = models.DecimalField(_("fee"), max_digits=10, decimal_places=2, null=True)
    rated_fee = models.DecimalField(_("own rating"), max_digits=10, decimal_places=2, null=True)
    flags = models.PositiveSmallIntegerField(default=0)

    objects: OfCardQuerySet["RevokedUsage"] = OfCardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("revoked call")
        verbose_name_plural = _("revoked calls")
        ordering = ["batch", "started_at"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="retained", operation=pgtrigger.Delete, condition=pgtrigger.Condition(NOT_RETAINED_OUT)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.card_id or self.line_id} {self.started_at:%Y-%m-%d %H:%M:%S}"

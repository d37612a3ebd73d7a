"""The append-only record of what was done, by whom and why."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.journal.querysets import EntryQuerySet, SealQuerySet
from cardfleet.kernel.clock import to_the_minute

SYSTEM = "CardFleet"


class Entry(models.Model):
    """One deed. Holds ids and field names, never a personal or secret value (design, section 3).

    `subject` is `<app label>.<model>:<pk>`; `related` holds further subjects whose timelines show the entry. What
    people typed (`reason`, texts in `data`) may name somebody: where they are erased, it is taken out (`Redaction`).
    """

    at = models.DateTimeField(_("time"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_column="actor",
        related_name="+",
    )
    action = models.CharField(_("action"), max_length=64)
    subject = models.CharField(_("subject"), max_length=100)
    related = models.JSONField(_("related subjects"), default=list, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("data"), default=dict, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "-id"], name="journal_subject_time"),
            models.Index(fields=["action", "-id"], name="journal_action_time"),
            GinIndex(
                fields=["related"],
                opclasses=["jsonb_path_ops"],
                condition=~Q(related=[]),
                name="journal_related",
            ),
        ]
        permissions = [("view_journal", _("Can read the journal"))]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{to_the_minute(self.at)} {self.action} {self.subject}"

    @property
    def actor_name(self) -> str:
        """The user name of who did it, as it is today, or CardFleet."""
        return self.actor.get_username() if self.actor else SYSTEM


class Redaction(models.Model):
    """That an erased person was taken out of the words of an entry; the entry stays, and counts as it did.

    `mark` is a keyed hash of the field as it was: who still has the words can prove them, nobody can read them.
    `after` is that of the field as it was left, so that nothing else can be put there later (`proving`).
    """

    entry = models.ForeignKey(Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="redactions")
    field = models.CharField(max_length=8)
    mark = models.CharField(max_length=64)
    after = models.CharField(max_length=64)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("redaction of the journal")
        verbose_name_plural = _("redactions of the journal")
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field}"


class Seal(models.Model):
    """The place of a committed entry in the journal, without gaps, and the hash that ties it to all before it.

    Ids are handed out before a commit, so they say nothing about what is still to come; positions do. `hash` is
    `chain.link` of the hash at the position before and the entry.
    """

    position = models.BigIntegerField(_("position"), primary_key=True)
    entry = models.OneToOneField(Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="seal")
    hash = models.CharField(_("hash"), max_length=64)
    at = models.DateTimeField(_("sealed at"))

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal of the journal")
        verbose_name_plural = _("seals of the journal")
        ordering = ["position"]
        constraints = [models.CheckConstraint(condition=Q(position__gt=0), name="journal_seal_from_one")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.position} {self.hash}"


class Sealing(models.Model):
    """How far sealing is: one row. No entry will come any more with an id up to `settled`, and all of them are sealed.

    Up to `seen` none will come once the `writers` have ended: the transactions that were writing entries at that time,
    by their virtual ids.
    """

    ONLY = 1

    settled = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    writers = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        verbose_name = _("sealing of the journal")
        verbose_name_plural = _("sealing of the journal")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="journal_sealing_once")]

    def __str__(self) -> str:
        return str(self.settled)

"""What callees have said: do not call, or consent (R40, R57, R60; 消费者权益保护法实施条例 art. 24)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.choices import ListingEnd, ListingKind
from agents.querysets import CalleeListingQuerySet
from cardfleet.files.models import StoredFile
from cards.choices import Purpose


class CalleeListing(models.Model):
    """A refusal or a consent of one number, known by its keyed hash only: no digit of it is stored.

    `purpose` blank: it holds for all. `expires_at`: until when it was given; `ended_at`: when it ceased to hold. One
    is never changed but to be ended, and is deleted when the law no longer asks for it (`agents.services.callees`).
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ListingKind)
    number_hash = models.CharField(max_length=64, editable=False)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, blank=True, help_text=_("Blank: all."))
    source = models.CharField(_("how it is known"), max_length=200)
    proof = models.ForeignKey(
        StoredFile, verbose_name=_("proof"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(_("given at"))
    expires_at = models.DateTimeField(_("holds until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end = models.CharField(_("why it ended"), max_length=9, choices=ListingEnd, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = CalleeListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("callee's entry")
        verbose_name_plural = _("callees' entries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number_hash", "kind", "purpose"],
                condition=Q(ended_at__isnull=True),
                name="callee_listed_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="callee_listing_end_has_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("given_at")),
                name="callee_listing_runs_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["number_hash"], name="callee_listing_number"),
            models.Index(fields=["kind", "-id"], name="callee_listing_latest"),
        ]
        permissions = [
            ("check_callee", _("Can ask whether a number is listed")),
            ("withdraw_calleelisting", _("Can withdraw a callee's entry")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

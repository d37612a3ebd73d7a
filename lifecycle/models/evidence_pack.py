"""What was taken out for a regulator or a carrier: of what, why, by whom (R40, R83)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team
from cardfleet.files.models import StoredFile
from cardfleet.jobs.models import Job
from cards.models import Card
from lifecycle.querysets import EvidencePackQuerySet


class EvidencePack(models.Model):
    """A pack that was asked for: of a card, or of the cards of a period, of a team's where it names one.

    `first` and `last` are Shanghai days, both included; without them it is the whole life of the card. `file` is kept
    until its day; what the pack was, its hash and who took it stay.
    """

    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_packs"
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first = models.DateField(_("first day"), null=True, blank=True)
    last = models.DateField(_("last day"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    with_names = models.BooleanField(_("names in full"), default=False)
    with_numbers = models.BooleanField(_("card numbers in full"), default=False)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    job = models.OneToOneField(
        Job, verbose_name=_("job"), on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_pack"
    )
    file = models.OneToOneField(
        StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    cards = models.PositiveIntegerField(_("cards"), null=True, blank=True)
    rows = models.PositiveBigIntegerField(_("rows"), null=True, blank=True)
    files = models.PositiveIntegerField(_("files"), null=True, blank=True)

    objects = EvidencePackQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence pack")
        verbose_name_plural = _("evidence packs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__isnull=True, last__isnull=True, card__isnull=False) | Q(last__gte=F("first")),
                violation_error_message=_("Only of a single card may both days be left out."),
                name="evidence_pack_has_a_period",
            ),
            models.CheckConstraint(
                condition=Q(card__isnull=True) | Q(team__isnull=True),
                violation_error_message=_("Name a card or a team, not both."),
                name="evidence_pack_of_card_or_team",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True) | Q(made_at__isnull=False), name="evidence_pack_made_has_a_time"
            ),
        ]
        permissions = [("make_pack", _("Can make evidence packs"))]

    def __str__(self) -> str:
        return f"#{self.pk}"

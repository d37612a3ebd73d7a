"""Who numbers are registered to (R23)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cardfleet.files.models import StoredFile
from cardfleet.kernel.crypto import EncryptedField
from cardfleet.kernel.personal import PersonNameField
from cards.choices import RegistrantKind


class Registrant(models.Model):
    """A person or company in whose name cards are. The ID number is encrypted; `id_fingerprint` finds equal ones."""

    kind = models.CharField(_("kind"), max_length=8, choices=RegistrantKind)
    name = PersonNameField(_("name"), max_length=120)
    id_number = EncryptedField(_("ID number"), blank=True)
    id_fingerprint = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    proof = models.ForeignKey(
        StoredFile, verbose_name=_("proof"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proof_valid_until = models.DateField(_("proof valid until"), null=True, blank=True)
    proof_dated_on = models.DateField(_("proof dated"), null=True, blank=True)
    quota = models.PositiveIntegerField(
        _("numbers granted by contract"),
        null=True,
        blank=True,
        help_text=_("Companies only: no public limit is known; empty: not stated."),
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person of ours whose ID it is"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
    )
    handler_name = models.CharField(_("applied for by"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("registrant")
        verbose_name_plural = _("registrants")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                condition=models.Q(id_fingerprint__isnull=True),
                violation_error_message=_(
                    "One without an ID number has this name already. Record the ID numbers to tell them apart."
                ),
                name="registrant_without_id_once_per_name",
            )
        ]
        permissions = [("view_id_number", _("Can reveal ID numbers"))]

    def __str__(self) -> str:
        return str(self.name)

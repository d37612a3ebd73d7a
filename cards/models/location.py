"""Where cards lie when nobody holds them: rooms, safes, drawers, and the slots in them (R7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Location(models.Model):
    """A place, or a slot within one. A card lies here while its `location` is this name and nobody holds it.

    The name joins the two, so that imports, filters and exports keep the plain text they know.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    within = models.ForeignKey(
        "self", verbose_name=_("slot of"), on_delete=models.PROTECT, null=True, blank=True, related_name="slots"
    )
    capacity = models.PositiveIntegerField(
        _("room for"), null=True, blank=True, help_text=_("Cards that fit; empty: not limited.")
    )
    custodian = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("custodian"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    is_active = models.BooleanField(_("in use"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("storage place")
        verbose_name_plural = _("storage places")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                violation_error_message=_("A place has room for at least one card."),
                name="location_has_room",
            ),
        ]

    def __str__(self) -> str:
        return self.name

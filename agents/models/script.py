"""What agents say: scripts and their versions, of which the approved ones are used (R31, R59)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cards.choices import Purpose


class Script(models.Model):
    """A script for a purpose."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("script")
        verbose_name_plural = _("scripts")
        ordering = ["name"]
        permissions = [("approve_script", _("Can approve scripts"))]

    def __str__(self) -> str:
        return self.name


class ScriptVersion(models.Model):
    """A wording. It is used once somebody other than its writer approved it; the text is never edited.

    It is approved only where it says who calls and offers to be called no more (广告法 art. 43).
    """

    script = models.ForeignKey(Script, verbose_name=_("script"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    states_identity = models.BooleanField(_("says who calls and how to reach us"), default=False)
    offers_opt_out = models.BooleanField(_("offers not to be called again"), default=False)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("version of a script")
        verbose_name_plural = _("versions of scripts")
        ordering = ["script", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["script", "number"], name="script_version_once"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(states_identity=True, offers_opt_out=True),
                name="script_approved_says_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.script} v{self.number}"

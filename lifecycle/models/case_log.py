"""What was said about a case: contacts with the carrier, and comments among ourselves. Only ever added to."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import to_the_minute
from lifecycle.choices import ContactChannel, EscalationLevel
from lifecycle.models.case import Case


class CaseContact(models.Model):
    """Who said what, when, under which ticket (R18, R19, R44, R54)."""

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField(_("time"))
    channel = models.CharField(_("through"), max_length=8, choices=ContactChannel)
    level = models.PositiveSmallIntegerField(_("escalation"), choices=EscalationLevel, default=EscalationLevel.SUPPORT)
    person = models.CharField(_("whom we spoke to"), max_length=80, blank=True)
    said = models.TextField(_("what was said"))
    ticket = models.CharField(_("the carrier's ticket"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("contact of a case")
        verbose_name_plural = _("contacts of cases")
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id} {to_the_minute(self.at)}"


class CaseComment(models.Model):
    """What somebody wants others to know."""

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="comments")
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField(_("comment"))

    class Meta:
        verbose_name = _("comment on a case")
        verbose_name_plural = _("comments on cases")
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id} {to_the_minute(self.at)}"

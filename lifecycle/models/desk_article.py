"""What colleagues learnt, to be found again (R20)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from lifecycle.choices import CaseKind
from lifecycle.models.case import Case


class Article(models.Model):
    """An article or a tip. `case_kind` shows it beside cases of that kind; `case` is the closed case it came from."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    tags = ArrayField(models.CharField(max_length=20), verbose_name=_("tags"), default=list, blank=True)
    case_kind = models.CharField(_("kind of case"), max_length=16, choices=CaseKind, blank=True)
    case = models.ForeignKey(
        Case, verbose_name=_("from case"), on_delete=models.PROTECT, null=True, related_name="articles"
    )
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-changed_at", "-id"]
        indexes = [models.Index(fields=["case_kind", "-changed_at"], name="article_kind")]

    def __str__(self) -> str:
        return self.title

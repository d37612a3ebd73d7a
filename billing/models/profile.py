"""How the columns of a source's files are read, as a person mapped them."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.choices import CallDirection, DurationSpelling, FeeUnit, SourceRole, TimeSpelling
from billing.models.source import UsageSource


class UsageProfile(models.Model):
    """A mapping of one kind of file. A file with the same header is read by it without asking.

    `columns` are zero-based places by value: started, clock, direction, counterpart, duration, own, iccid, imsi, fee,
    uid, answered. `header` is empty for files without one, which are told by source and width.
    """

    source = models.ForeignKey(UsageSource, verbose_name=_("source"), on_delete=models.CASCADE, related_name="profiles")
    name = models.CharField(_("name"), max_length=40, unique=True)
    role = models.CharField(_("role"), max_length=8, choices=SourceRole)
    signature = models.CharField(_("signature of the header"), max_length=64, db_index=True, blank=True)
    header = models.JSONField(_("header"), default=list, blank=True)
    width = models.PositiveSmallIntegerField(_("columns"), validators=[MinValueValidator(1)])
    columns = models.JSONField(_("mapping"), default=dict)
    times = models.CharField(_("times"), max_length=12, choices=TimeSpelling, default=TimeSpelling.PLAIN)
    durations = models.CharField(
        _("durations"), max_length=12, choices=DurationSpelling, default=DurationSpelling.SECONDS
    )
    fees = models.CharField(_("fees"), max_length=4, choices=FeeUnit, default=FeeUnit.YUAN)
    direction = models.CharField(
        _("direction of every call"),
        max_length=3,
        choices=CallDirection,
        blank=True,
        help_text=_("Where no column tells it."),
    )
    out_words = models.CharField(_("words for outgoing"), max_length=200, blank=True)
    in_words = models.CharField(_("words for incoming"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("mapping of a file")
        verbose_name_plural = _("mappings of files")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["source", "signature", "width"], name="profile_once_per_source_and_header")
        ]

    def __str__(self) -> str:
        return self.name

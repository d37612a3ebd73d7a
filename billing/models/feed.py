"""How a platform's own JSON is read: data, edited in the administration."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedMapping(models.Model):
    """Where the values of a platform's calls stand, as paths into its JSON such as `record.legs.0.number`.

    `columns` names generic columns, and caller, callee, answered_at and ended_at; `words` says by column what a
    platform's texts mean; `codes` which failure codes are signals of what.
    """

    name = models.SlugField(_("short name"), max_length=40, unique=True)
    label = models.CharField(_("name"), max_length=80)
    rows = models.CharField(
        _("path of the list"), max_length=120, blank=True, help_text=_("Empty where the body is the call or the list.")
    )
    columns = models.JSONField(_("paths"), default=dict, help_text='{"caller": "Caller", "started_at": "Time"}')
    words = models.JSONField(_("words"), default=dict, blank=True, help_text='{"direction": {"0": "in", "1": "out"}}')
    codes = models.JSONField(_("failure codes"), default=dict, blank=True, help_text='{"8111": "stopped"}')
    utc = models.BooleanField(_("times are UTC"), default=False, help_text=_("Where they have no offset of their own."))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("mapping of a live feed")
        verbose_name_plural = _("mappings of live feeds")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

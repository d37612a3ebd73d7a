"""Words that people put on cards, to find them again."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    """A word of at most 40 characters. `key` is its name without regard to case: one word is one tag."""

    name = models.CharField(_("name"), max_length=40)
    key = models.CharField(max_length=120, unique=True, editable=False)
    created_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name

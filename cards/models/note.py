"""What people write down about a card."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cards.models.card import Card
from cards.querysets import CardNoteQuerySet

SHOWN = 80


class CardNote(models.Model):
    """A note of at most 10,000 characters. It is never edited: what is wrong is set right by the next one."""

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("written at"))

    objects = CardNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text if len(self.text) <= SHOWN else f"{self.text[: SHOWN - 1]}…"

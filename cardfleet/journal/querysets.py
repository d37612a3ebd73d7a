"""How journal entries are found."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from cardfleet.journal.models import Entry


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries, newest first by default ordering."""

    def about(self, subject: str) -> Self:
        """Return the timeline of a subject: entries whose subject it is, or that name it as related."""
        return self.filter(Q(subject=subject) | Q(related__contains=[subject]))

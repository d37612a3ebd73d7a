"""How journal entries are found."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from cardfleet.journal.models import Entry, Seal


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries, newest first by default ordering."""

    def about(
        self, subject: str, *, limit: int | None = None, kinds: Sequence[str] = (), before: int | None = None
    ) -> Self:
        """Return the timeline of a subject: entries whose subject it is, or that name it as related.

        With `limit` the latest of them; `kinds` are beginnings of action codes, `before` an id. Each of the two ways
        is a query of its own on an index of its own: together they would have the whole journal read.
        """
        wanted = self.filter(reduce(or_, (Q(action__startswith=kind) for kind in kinds), Q()))
        if before is not None:
            wanted = wanted.filter(pk__lt=before)
        own = wanted.filter(subject=subject).order_by("-pk")[:limit]
        named = wanted.exclude(related=[]).filter(related__contains=[subject]).order_by("-pk")[:limit]
        found = own.values("pk").union(named.values("pk"), all=True).order_by("-pk")
        return self.filter(pk__in=found[:limit])


class SealQuerySet(models.QuerySet["Seal"]):
    """Places in the sealed journal."""

    def head(self) -> "Seal | None":
        """Return the last place; None while nothing is sealed."""
        return self.order_by("-position").first()

"""Query habits every app shares."""

from typing import Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class LockableQuerySet(models.QuerySet[M]):
    """A queryset that can lock its rows in one fixed order, so that two writers never wait for each other."""

    def locked(self) -> Self:
        """Lock the rows themselves (not what they join), ordered by primary key."""
        return self.select_for_update(of=("self",)).order_by("pk")

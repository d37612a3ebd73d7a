"""Who sees whom: scope is a set of subtrees of the team tree."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import UserManager
from django.db.models import Exists, F, OuterRef

from cardfleet.kernel.querysets import LockableQuerySet

if TYPE_CHECKING:
    from cardfleet.accounts.models import Team, User


class TeamQuerySet(LockableQuerySet["Team"]):
    """Teams, and the subtrees a person sees."""

    def within(self, team: "Team") -> Self:
        """Return a team and everything below it."""
        return self.filter(path__startswith=team.path)

    def visible_to(self, user: "User") -> Self:
        """Return the teams inside the person's scope grants. A superuser sees all, an agent with no grant none."""
        if user.is_superuser:
            return self
        reach = user.scope_grants.annotate(here=OuterRef("path")).filter(here__startswith=F("team__path"))
        return self.filter(Exists(reach))


class UserQuerySet(LockableQuerySet["User"]):
    """People."""

    def active(self) -> Self:
        """Return those who may sign in."""
        return self.filter(is_active=True)


class PersonManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people and finds them; scope filters come from the queryset."""

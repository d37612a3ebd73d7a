"""How alerts are found, and who sees which."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from cardfleet.accounts.models import Team, User
from cardfleet.kernel.querysets import LockableQuerySet
from lifecycle.choices import AlertState

if TYPE_CHECKING:
    from lifecycle.models import Alert


class AlertQuerySet(LockableQuerySet["Alert"]):
    """Alerts."""

    def open(self) -> Self:
        """Return alerts whose cause is still there, acknowledged or not."""
        return self.exclude(state=AlertState.CLOSED)

    def visible_to(self, user: User) -> Self:
        """Return alerts about cards and agents in the person's scope, and about the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        teams = Team.objects.visible_to(user)
        return self.filter(
            Q(card__team__in=teams) | Q(agent__user__team__in=teams) | Q(card__holder=user) | Q(agent__user=user)
        )

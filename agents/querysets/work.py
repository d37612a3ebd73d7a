"""How targets, plans of calls, rewards and appraisals are found, and who sees which."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from cardfleet.accounts.models import User
from cardfleet.accounts.querysets import teams_seen
from cardfleet.kernel.querysets import LockableQuerySet

if TYPE_CHECKING:
    from agents.models import Appraisal, CallPlan, Reward, Target


class TargetQuerySet(LockableQuerySet["Target"]):
    """Targets of a month."""

    def visible_to(self, user: User) -> Self:
        """Return the targets of teams and agents in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        seen = teams_seen(user)
        return self.filter(Q(team__in=seen) | Q(agent__user__team__in=seen))


class CallPlanQuerySet(LockableQuerySet["CallPlan"]):
    """Plans of calls."""

    def visible_to(self, user: User) -> Self:
        """Return the plans of teams and agents in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        seen = teams_seen(user)
        return self.filter(Q(team__in=seen) | Q(agent__user__team__in=seen))

    def standing(self) -> Self:
        """Return plans that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class RewardQuerySet(LockableQuerySet["Reward"]):
    """Rewards and penalties."""

    def visible_to(self, user: User) -> Self:
        """Return those of the agents in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(agent__user__team__in=teams_seen(user)) | Q(agent__user=user))


class AppraisalQuerySet(LockableQuerySet["Appraisal"]):
    """Appraisals."""

    def visible_to(self, user: User) -> Self:
        """Return those of the agents in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(agent__user__team__in=teams_seen(user)) | Q(agent__user=user))

"""Which views and reports a person sees."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, F, OuterRef, Q

from cardfleet.accounts.models import Team, User
from cardfleet.accounts.querysets import teams_seen
from cardfleet.kernel.querysets import LockableQuerySet

if TYPE_CHECKING:
    from cardfleet.lists.models import SavedView, ScheduledReport


class SavedViewQuerySet(LockableQuerySet["SavedView"]):
    """Saved views."""

    def usable_by(self, person: User) -> Self:
        """Return the person's own views and those shared with their role, or with a team they are in or see."""
        around = Team.objects.filter(pk=person.team_id or 0, path__startswith=OuterRef("shared_team__path"))
        shared = Q(shared_role__in=person.role_names) | Q(Exists(around), shared_team__isnull=False)
        return self.filter(Q(owner=person) | shared | Q(shared_team__in=teams_seen(person)))


class ScheduledReportQuerySet(LockableQuerySet["ScheduledReport"]):
    """Scheduled reports."""

    def visible_to(self, person: User) -> Self:
        """Return the person's own reports; whoever may end those of others sees all."""
        return self if person.has_perm("lists.end_any_report") else self.filter(owner=person)

    def running(self) -> Self:
        """Return reports nothing has stopped."""
        return self.filter(stopped_at__isnull=True)

    def due(self, now: datetime) -> Self:
        """Return the running reports whose time has come, the longest waiting first."""
        return self.running().filter(next_at__lte=now).order_by(F("next_at"), "pk")

"""`/api/v1/delegations/`: who stands in for whom (R12)."""

import django_filters
from django.db.models import QuerySet

from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import Delegation
from cardfleet.accounts.querysets import DelegationQuerySet
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    """What one supervisor lends another of a team, and until when; `revoked_at` is its end before the time."""

    class Meta:
        model = Delegation
        fields = ("id", "giver", "receiver", "team", "starts_at", "ends_at", "reason", "given_at", "revoked_at")
        read_only_fields = fields


class DelegationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters over delegations; `running`: somebody sees more by it right now."""

    giver = django_filters.NumberFilter(field_name="giver_id")
    receiver = django_filters.NumberFilter(field_name="receiver_id")
    team = django_filters.NumberFilter(field_name="team_id")
    running = django_filters.BooleanFilter(method="filter_running")

    class Meta:
        model = Delegation
        fields: tuple[str, ...] = ()

    def filter_running(self, lent: DelegationQuerySet, _name: str, value: bool) -> DelegationQuerySet:  # noqa: FBT001
        """Return what holds now, or all else."""
        now = Delegation.objects.running().values("pk")
        return lent.filter(pk__in=now) if value else lent.exclude(pk__in=now)


class DelegationViewSet(viewsets.ReadOnlyModelViewSet[Delegation]):
    """What is lent of the teams in sight, and by or to the person."""

    queryset = Delegation.objects.all()
    serializer_class = DelegationSerializer
    filterset_class = DelegationFilter
    permission_classes = (HasRight,)
    right = "accounts.view_delegation"

    def get_queryset(self) -> QuerySet[Delegation]:
        """Return those in scope."""
        return Delegation.objects.visible_to(person_of(self.request))

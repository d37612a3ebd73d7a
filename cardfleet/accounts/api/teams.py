"""`/api/v1/teams/`."""

import django_filters
from django.db.models import QuerySet

from cardfleet.accounts.access import person_of
from cardfleet.accounts.choices import TeamKind
from cardfleet.accounts.models import Team
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet


class TeamSerializer(serializers.ModelSerializer[Team]):
    """A team; `parent` is the id of the unit above it."""

    class Meta:
        model = Team
        fields = ("id", "name", "kind", "parent")


class TeamFilter(ListFilterSet):
    """Filters over teams."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(choices=TeamKind)
    parent = django_filters.NumberFilter()

    class Meta:
        model = Team
        fields: tuple[str, ...] = ()


class TeamViewSet(viewsets.ReadOnlyModelViewSet[Team]):
    """The teams in the person's scope."""

    queryset = Team.objects.all()
    serializer_class = TeamSerializer
    filterset_class = TeamFilter
    permission_classes = (HasRight,)
    right = "accounts.view_team"
    counted = True

    def get_queryset(self) -> QuerySet[Team]:
        """Return the teams in scope."""
        return Team.objects.visible_to(person_of(self.request))

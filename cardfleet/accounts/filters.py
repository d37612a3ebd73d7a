"""The filters over people."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team, User


def visible_teams(request: Any) -> QuerySet[Team]:
    """Return the teams the asking person may choose from."""
    return Team.objects.visible_to(request.user) if request else Team.objects.all()


class PersonFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters over people; a team includes the teams below it."""

    search = django_filters.CharFilter(method="filter_search", label=_("Staff number, name or initials"))
    team = django_filters.ModelChoiceFilter(queryset=visible_teams, method="filter_team", label=_("Team"))
    role = django_filters.ChoiceFilter(field_name="groups__name", choices=Role, label=_("Role"))
    is_active = django_filters.BooleanFilter(label=_("Has access"))

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def filter_search(self, people: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Return people as they are looked for."""
        return people.filter(pk__in=User.objects.matching(value).values("pk"))

    def filter_team(self, people: QuerySet[User], _name: str, value: Team) -> QuerySet[User]:
        """Return people of a team or below it."""
        return people.filter(team__in=Team.objects.within(value))

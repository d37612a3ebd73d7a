"""The filters over people."""

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.filtersets import ListFilterSet, Things


def visible_teams(request: Any) -> QuerySet[Team]:
    """Return the teams the asking person may choose from."""
    return Team.objects.visible_to(request.user) if request else Team.objects.all()


class TeamFilter(Things):
    """Teams and all below them, in any of some columns."""

    def __init__(self, *columns: str) -> None:
        super().__init__(field_name=columns[0], queryset=visible_teams, label=_("Team"))
        self.columns = columns

    def filter(self, rows: Any, value: Any) -> Any:
        """Return the rows of these teams, or all others."""
        if not value:
            return rows
        teams = Team.objects.within(*(one for one in value if isinstance(one, Team)))
        return self.get_method(rows)(reduce(or_, (Q((f"{column}__in", teams)) for column in self.columns)))


class PersonFilter(ListFilterSet):
    """Filters over people; a team includes the teams below it."""

    search = django_filters.CharFilter(method="filter_search", label=_("Staff number, name or initials"))
    team = TeamFilter("team")
    role = django_filters.MultipleChoiceFilter(field_name="groups__name", choices=Role, label=_("Role"))
    is_active = django_filters.BooleanFilter(label=_("Has access"))

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def filter_search(self, people: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Return people as they are looked for."""
        return people.filter(pk__in=User.objects.matching(value).values("pk"))

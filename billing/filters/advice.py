"""Filters of the best plans."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.models import PlanAdvice
from cardfleet.accounts.models import Team
from cards.models import Carrier, RatePlan


def teams_in_scope(request: Any) -> QuerySet[Team]:
    """Return the teams whose cards a person may ask for; all where nobody asks (the API's schema)."""
    user = getattr(request, "user", None)
    if user is None or user.has_perm("accounts.view_all_teams"):
        return Team.objects.all()
    return Team.objects.visible_to(user)


class AdviceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Best plans of the cards of a carrier or team, on a plan or for one."""

    search = django_filters.CharFilter(field_name="card__msisdn", lookup_expr="contains", label=_("Number"))
    carrier = django_filters.ModelMultipleChoiceFilter(
        field_name="card__carrier", queryset=Carrier.objects.all(), label=_("Carrier")
    )
    team = django_filters.ModelChoiceFilter(queryset=teams_in_scope, method="filter_team", label=_("Team"))
    plan = django_filters.ModelChoiceFilter(queryset=RatePlan.objects.all(), label=_("Plan"))
    best = django_filters.ModelChoiceFilter(queryset=RatePlan.objects.all(), label=_("Best plan"))

    class Meta:
        model = PlanAdvice
        fields: tuple[str, ...] = ()

    def filter_team(self, advice: QuerySet[PlanAdvice], _name: str, value: Team) -> QuerySet[PlanAdvice]:
        """Return the advice for the cards of a team and of those below it."""
        return advice.filter(card__team__in=Team.objects.within(value))

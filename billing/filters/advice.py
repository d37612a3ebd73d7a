"""Filters of the best plans."""

import django_filters
from django.utils.translation import gettext_lazy as _

from billing.models import PlanAdvice
from cardfleet.accounts.filters import TeamFilter
from cardfleet.kernel.filtersets import Figures, ListFilterSet
from cards.models import Carrier, RatePlan


class AdviceFilter(ListFilterSet):
    """Best plans of the cards of a carrier or team, on a plan or for one."""

    search = django_filters.CharFilter(field_name="card__msisdn", lookup_expr="contains", label=_("Number"))
    carrier = django_filters.ModelMultipleChoiceFilter(
        field_name="card__carrier", queryset=Carrier.objects.all(), label=_("Carrier"), distinct=False
    )
    team = TeamFilter("card__team")
    plan = django_filters.ModelMultipleChoiceFilter(queryset=RatePlan.objects.all(), label=_("Plan"), distinct=False)
    best = django_filters.ModelMultipleChoiceFilter(
        queryset=RatePlan.objects.all(), label=_("Best plan"), distinct=False
    )
    saving_year = Figures(label=_("Saving a year"))
    minutes = Figures(label=_("Minutes a month"))

    class Meta:
        model = PlanAdvice
        fields: tuple[str, ...] = ()

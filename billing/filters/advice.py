"""Filters of the best plans."""

import django_filters
from django.utils.translation import gettext_lazy as _

from billing.models import PlanAdvice
from cardfleet.accounts.filters import TeamFilter
from cardfleet.kernel.filtersets import Figures, ListFilterSet, Things
from cards.models import Carrier, RatePlan


class AdviceFilter(ListFilterSet):
    """Best plans of the cards of a carrier or team, on a plan or for one."""

    search = django_filters.CharFilter(field_name="card__msisdn", lookup_expr="contains", label=_("Number"))
    carrier = Things(field_name="card__carrier", queryset=Carrier.objects.all(), label=_("Carrier"))
    team = TeamFilter("card__team")
    plan = Things(queryset=RatePlan.objects.all(), label=_("Plan"))
    best = Things(queryset=RatePlan.objects.all(), label=_("Best plan"))
    saving_year = Figures(label=_("Saving a year"))
    minutes = Figures(label=_("Minutes a month"))

    class Meta:
        model = PlanAdvice
        fields: tuple[str, ...] = ()

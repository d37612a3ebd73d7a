"""Filters of budgets."""

import django_filters
from django.utils.translation import gettext_lazy as _

from billing.choices import BudgetPeriod, BudgetScope
from billing.models import Budget
from cardfleet.kernel.filtersets import ListFilterSet


class BudgetFilter(ListFilterSet):
    """Budgets of a period, of a scope."""

    scope = django_filters.MultipleChoiceFilter(choices=BudgetScope, label=_("Whose"), distinct=False)
    period = django_filters.MultipleChoiceFilter(choices=BudgetPeriod, label=_("For a"), distinct=False)
    starts_on = django_filters.DateFilter(label=_("From"))

    class Meta:
        model = Budget
        fields: tuple[str, ...] = ()

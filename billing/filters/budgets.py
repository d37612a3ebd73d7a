"""Filters of budgets."""

import django_filters
from django.utils.translation import gettext_lazy as _

from billing.choices import BudgetPeriod, BudgetScope
from billing.models import Budget


class BudgetFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Budgets of a period, of a scope."""

    scope = django_filters.ChoiceFilter(choices=BudgetScope, label=_("Whose"))
    period = django_filters.ChoiceFilter(choices=BudgetPeriod, label=_("For a"))
    starts_on = django_filters.DateFilter(label=_("From"))

    class Meta:
        model = Budget
        fields: tuple[str, ...] = ()

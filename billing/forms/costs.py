"""Which cost report is asked for: the page, its exports and the API read the same words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.selectors.cost_rows import BY_LABELS, CostBy
from cardfleet.kernel.months import MonthQuery


class CostQuery(MonthQuery):
    """A month, and `by`."""

    by = forms.ChoiceField(label=_("By"), required=False, choices=[(by.value, BY_LABELS[by]) for by in CostBy])

    def clean_by(self) -> CostBy:
        """Return what to group by, teams when nothing is said."""
        return CostBy(self.cleaned_data["by"] or CostBy.TEAM)


class CostPageQuery(CostQuery):
    """What the page is asked: the same, and `anew` for figures counted now instead of kept ones."""

    anew = forms.BooleanField(required=False)

"""Which downtime report is asked for: the page and its files read the same words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.months import MonthQuery
from lifecycle.choices import DowntimeBy


class DowntimeQuery(MonthQuery):
    """A month, and `by`."""

    by = forms.ChoiceField(label=_("By"), required=False, choices=DowntimeBy.choices)

    def clean_by(self) -> DowntimeBy:
        """Return what to split by, carriers when nothing is said."""
        return DowntimeBy(self.cleaned_data["by"] or DowntimeBy.CARRIER)

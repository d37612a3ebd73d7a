"""Which figures of the fleet are asked for: what they are grouped by, and over which days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.queries import Query
from lifecycle.selectors.cases.figures import SPANS
from lifecycle.selectors.risk_groups import GROUPS


class RiskQuery(Query):
    """`by` of the risk of groups."""

    by = forms.ChoiceField(label=_("By"), required=False, choices=[(name, name) for name in GROUPS])

    def clean_by(self) -> str:
        """Return what to group by, teams when nothing is said."""
        return self.cleaned_data["by"] or GROUPS[0]


class CaseFiguresQuery(Query):
    """`days`: within how many days the cases ended."""

    days = forms.TypedChoiceField(required=False, coerce=int, choices=[(days, str(days)) for days in SPANS])

    def clean_days(self) -> int:
        """Return the days, 90 when nothing is said."""
        return self.cleaned_data["days"] or SPANS[1]

"""Which cost report is asked for: the page, its exports and the API read the same words."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.filters.costs import GROUPINGS, LAST
from billing.selectors.cost_parts import TEXT_KEYS
from billing.selectors.cost_rows import CostBy, Figures, Part
from cardfleet.kernel.clock import month_start, parse_month
from cardfleet.kernel.months import MonthQuery


class CostQuery(MonthQuery):
    """A month, `by`; `of` and `key` name a group of another report to narrow it to, `against` a month beside it."""

    by = forms.ChoiceField(label=_("By"), required=False, choices=GROUPINGS)
    of = forms.ChoiceField(label=_("Part of"), required=False, choices=GROUPINGS)
    key = forms.CharField(required=False, max_length=40)
    against = forms.CharField(label=_("Compared with"), required=False)

    def clean_month(self) -> date:
        """Return the first day of the month asked for, else of this month; `last` is the month before."""
        if self.cleaned_data["month"] == LAST:
            return month_start(self.today.replace(day=1) - timedelta(days=1))
        return super().clean_month()

    def clean_by(self) -> CostBy:
        """Return what to group by, teams when nothing is said."""
        return CostBy(self.cleaned_data["by"] or CostBy.TEAM)

    def clean_against(self) -> date | None:
        """Return the first day of the month to compare with."""
        text = self.cleaned_data["against"]
        try:
            return parse_month(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("Write a month like 2026-10."), code="month") from error

    def clean(self) -> dict[str, Any]:
        """Add the group that is named as `part`."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        of, key = given.get("of"), given.get("key") or None
        if key and of and of not in TEXT_KEYS and not key.isdecimal():
            self.add_error("key", forms.ValidationError(_("Take the group from the report's rows."), code="key"))
        elif of:
            whole = key if of in TEXT_KEYS or key is None else int(key)
            given["part"] = Part(of=CostBy(of), key=whole)
        return {"part": None, **given}


class CostPageQuery(CostQuery):
    """What the page is asked: the same, which figures it shows, and `anew` for those counted now, not kept ones.

    `view` is the kept view it was opened from.
    """

    figures = forms.ChoiceField(required=False, choices=[(each.value, each.value) for each in Figures])
    anew = forms.BooleanField(required=False)
    view = forms.IntegerField(required=False)

    def clean_figures(self) -> Figures:
        """Return which figures to show, amounts by kind when nothing is said."""
        return Figures(self.cleaned_data["figures"] or Figures.KINDS)

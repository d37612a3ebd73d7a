"""Which report of a month is asked for: its page, its files, the API and commands read the same words."""

from argparse import ArgumentTypeError
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import parse_month
from cardfleet.kernel.queries import Query


def month_argument(text: str) -> date:
    """Return the first day of a month given to a command, which says how to write it where it is none."""
    try:
        return parse_month(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no month; write it like 2026-10") from error


class MonthQuery(Query):
    """`month` (YYYY-MM) and the form of a file; a report adds what it is split by. All may be left out."""

    month = forms.CharField(label=_("Month"), required=False)
    format = forms.ChoiceField(required=False, choices=[("csv", "CSV"), ("xlsx", "XLSX")])

    def clean_month(self) -> date:
        """Return the first day of the month asked for, else of this month."""
        text = self.cleaned_data["month"]
        if not text:
            return self.today.replace(day=1)
        try:
            return parse_month(text)
        except ValueError as error:
            raise forms.ValidationError(_("Write a month like 2026-10."), code="month") from error

    def clean_format(self) -> str:
        """Return the form of a file, CSV when nothing is said."""
        return self.cleaned_data["format"] or "csv"

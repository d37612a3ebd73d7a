"""Which report of a month is asked for: its page, its files, the API and commands read the same words."""

from argparse import ArgumentTypeError
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.api.filters import unknown_parameter
from cardfleet.kernel.clock import parse_month
from cardfleet.kernel.errors import BadInput, Reason


def month_argument(text: str) -> date:
    """Return the first day of a month given to a command, which says how to write it where it is none."""
    try:
        return parse_month(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no month; write it like 2026-10") from error


class MonthQuery(forms.Form):
    """`month` (YYYY-MM) and the form of a file; a report adds what it is split by. All may be left out."""

    month = forms.CharField(label=_("Month"), required=False)
    format = forms.ChoiceField(required=False, choices=[("csv", "CSV"), ("xlsx", "XLSX")])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @classmethod
    def read(cls, data: Mapping[str, Any], *, today: date) -> dict[str, Any]:
        """Return what is asked. BadInput names what cannot be used, and names that are none."""
        query = cls(data, today=today)
        unknown = [unknown_parameter(name, set(query.fields)) for name in data if name not in query.fields]
        if unknown or not query.is_valid():
            wrong = [
                Reason(code="invalid", message=" ".join(map(str, errors)), field=name)
                for name, errors in query.errors.items()
            ]
            raise BadInput(reasons=[*unknown, *wrong])
        return query.cleaned_data

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

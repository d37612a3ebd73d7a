"""A carrier's summary of messages and data: the file, and the month of rows that name none."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import parse_month


class BundleUseForm(forms.Form):
    """What is sent."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xls,.xlsx"}),
        help_text=_(
            "CSV, XLS or XLSX with the columns 手机号, 月份, 短信条数 and 流量(MB); 短信费 and 流量费 where the "
            "carrier charged them itself."
        ),
    )
    month = forms.CharField(
        label=_("Month"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2026-10", "autocomplete": "off"}),
        help_text=_("Where the file does not say it."),
    )

    def clean_month(self) -> date | None:
        """Return the first day of the month, if one is given."""
        text = self.cleaned_data["month"].strip()
        try:
            return parse_month(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("Write a month like 2026-10."), code="month") from error

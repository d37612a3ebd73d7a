"""Which waste list is asked for: its page and the API read the same words."""

from django import forms

from billing.choices import WasteKind
from cardfleet.kernel.months import MonthQuery


class WasteQuery(MonthQuery):
    """A month, and the reason whose cards are shown."""

    why = forms.ChoiceField(required=False, choices=WasteKind.choices)

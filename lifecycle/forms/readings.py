"""Balances from a carrier: a file, or messages pasted as they came."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReadingsForm(forms.Form):
    """One of the two."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xls,.xlsx"}),
        help_text=_("Columns msisdn, read_at, balance, service_state, stop_reason, also under their Chinese names."),
    )
    text = forms.CharField(
        label=_("Messages"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Paste the carriers' balance messages, each with the number it is about before it."),
    )

    def clean(self) -> dict[str, Any] | None:
        """Refuse neither and both."""
        given = super().clean() or {}
        if not self.errors and bool(given.get("file")) == bool(given.get("text")):
            raise forms.ValidationError(_("Choose a file or paste messages, one of the two."), code="one_of_two")
        return given

"""Closing a month."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ClosingForm(forms.Form):
    """Which month, and whether what is open in it was seen."""

    month = forms.DateField(widget=forms.HiddenInput)
    is_seen = forms.BooleanField(label=_("I have seen what is still open."), required=False)

"""What is asked before a secret is seen or stored."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevealForm(forms.Form):
    """Why somebody needs to see a secret."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The reason is kept in the journal."))


class SecretForm(forms.Form):
    """A new PIN, PUK or password; never given back to the page, and by its name never kept (accounts.kept)."""

    new_secret = forms.CharField(
        label=_("The new one"),
        max_length=40,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Change it in the phone or at the carrier first, then store it here."),
    )

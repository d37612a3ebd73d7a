"""Saying what lies between a carrier's balance and ours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.choices import DifferenceCause
from billing.models import Account, Dispute


class ExplanationForm(forms.Form):
    """A cause, and the dispute or a note."""

    cause = forms.ChoiceField(label=_("Cause"), choices=DifferenceCause.choices)
    dispute = forms.ModelChoiceField(label=_("Dispute"), queryset=Dispute.objects.none(), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dispute"]
        field.queryset = Dispute.objects.filter(account=account)  # type: ignore[attr-defined]

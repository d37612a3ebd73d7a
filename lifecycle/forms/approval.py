"""Approving or refusing what a rule asks about a card."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ApprovalForm(forms.Form):
    """The decision with its note; without a day a yes holds as long as the rule, or for the day the rule counts."""

    rule = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("refuse", _("Refuse"))])
    note = forms.CharField(label=_("note"), max_length=400)
    until = forms.DateField(label=_("until"), required=False)

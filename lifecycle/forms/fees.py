"""How a fee that a carrier took was paid, in the forms of steps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.choices import PaidFrom


def paid_from() -> forms.ChoiceField:
    """Return the field; left empty the balance paid."""
    return forms.ChoiceField(label=_("Fee paid from"), choices=PaidFrom.choices, required=False)

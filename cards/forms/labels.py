"""Which labels are printed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.forms.scanning import ScansField
from cards.rules.labels import LAYOUTS


class LabelsForm(forms.Form):
    """Cards, the stock they are printed on, and how many labels of the first sheet are used up."""

    cards = ScansField(label=_("Cards"))
    layout = forms.ChoiceField(
        label=_("Label stock"), choices=[(layout.slug, layout.name) for layout in LAYOUTS.values()]
    )
    used = forms.IntegerField(
        label=_("Labels used of the first sheet"), required=False, min_value=0, max_value=64, initial=0
    )

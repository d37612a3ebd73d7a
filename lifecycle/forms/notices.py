"""What a carrier announced."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import MomentInput
from cards.models import Carrier
from lifecycle.choices import NoticeKind

BETWEEN_REGIONS = re.compile(r"[、,，;；\s]+")


class NoticeForm(forms.Form):
    """A notice of works, a fault or changed rules: carrier, regions, period."""

    carrier = forms.ModelChoiceField(label=_("Carrier"), queryset=Carrier.objects.all())
    kind = forms.ChoiceField(label=_("Kind"), choices=NoticeKind.choices)
    title = forms.CharField(label=_("What it says"), max_length=120)
    regions = forms.CharField(
        label=_("Regions"),
        max_length=400,
        required=False,
        help_text=_("As cards name their home region, with commas between; empty: everywhere."),
    )
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MomentInput)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MomentInput)
    source = forms.CharField(
        label=_("Source"), max_length=300, required=False, help_text=_("Message, letter or address of the notice.")
    )

    def clean_regions(self) -> list[str]:
        """Return the regions."""
        return [region for region in BETWEEN_REGIONS.split(self.cleaned_data["regions"]) if region]

"""The field into which many cards are scanned or typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.rules.scans import Scan, read_scans

MOST_SCANS = 2000


class ScansField(forms.CharField):
    """Labels, ICCIDs or numbers, one after the other; a scanner types them, each with Enter behind it."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"rows": 6, "autocomplete": "off", "spellcheck": "false", "inputmode": "latin"}
        help_text = _("Scan labels or ICCIDs one after the other, or type numbers, one a line.")
        super().__init__(widget=forms.Textarea(attrs=attrs), **{"help_text": help_text, **kwargs})

    def clean(self, value: Any) -> list[Scan]:
        """Return what was scanned, each once."""
        scans = read_scans(str(super().clean(value) or ""))
        if len(scans) > MOST_SCANS:
            raise forms.ValidationError(_("At most 2,000 scans at once. Send the rest afterwards."), code="too_many")
        return scans

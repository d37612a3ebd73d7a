"""What is asked before a file of call records is imported."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.importers.registry import names
from billing.models import UsageSource

TABLES = ".csv,.tsv,.txt,.xls,.xlsx"


class UsageImportForm(forms.Form):
    """A file, where it comes from, and whose calls it holds when it does not say so itself."""

    file = forms.FileField(
        label=_("File of call records"),
        widget=forms.FileInput(attrs={"accept": TABLES}),
        help_text=_("A carrier's call detail, a PBX's records, or the generic table; the format is recognised."),
    )
    source = forms.SlugField(
        label=_("Source"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
        help_text=_("A short name such as cmcc or pbx; a new one is made on first use."),
    )
    role = forms.ChoiceField(
        label=_("A new source is"), required=False, choices=[("", _("as its format says")), *SourceRole.choices]
    )
    own_number = forms.CharField(
        label=_("Own number"),
        required=False,
        max_length=20,
        help_text=_("Only where the file does not name its own number; else it is looked for in the file's name."),
    )
    format = forms.ChoiceField(label=_("Format"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recognise = [("", _("recognise it"))]
        self.fields["format"].choices = [*recognise, *((name, name) for name in names())]  # type: ignore[attr-defined]

    def sources(self) -> list[str]:
        """Return the short names there are, for the field's list."""
        return list(UsageSource.objects.order_by("slug").values_list("slug", flat=True))

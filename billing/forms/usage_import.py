"""What is asked before files of call records are imported."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.importers import registry
from billing.models import UsageProfile, UsageSource
from cardfleet.kernel.errors import Text

ACCEPTED = ".csv,.tsv,.txt,.xls,.xlsx,.xml,.zip"


class FilesInput(forms.FileInput):
    """A field that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; the cleaned value is a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Return each of the files."""
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given or [None]]


def format_choices() -> list[tuple[str, Text]]:
    """Return the known formats, and the mappings of files that people made."""
    mapped = [(name, name) for name in UsageProfile.objects.values_list("name", flat=True)]
    return [("", _("recognise it")), *registry.choices(), *mapped]


class UsageImportForm(forms.Form):
    """Files, where they come from, and whose calls they hold when they do not say so themselves."""

    file = FilesField(
        label=_("Files of call records"),
        widget=FilesInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "Tables or zip archives of them, several at once. The format is recognised; each file is shown first."
        ),
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
        self.fields["format"].choices = format_choices()  # type: ignore[attr-defined]

    def sources(self) -> list[str]:
        """Return the short names there are, for the field's list."""
        return list(UsageSource.objects.order_by("slug").values_list("slug", flat=True))


class ReadingForm(forms.Form):
    """How a file that waits is to be read, where it was recognised wrongly."""

    own_number = forms.CharField(label=_("Own number"), required=False, max_length=20)
    format = forms.ChoiceField(label=_("Format"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = format_choices()  # type: ignore[attr-defined]


class RevocationForm(forms.Form):
    """Why a whole import is taken back."""

    reason = forms.CharField(
        label=_("Why it is revoked"), max_length=500, help_text=_("Such as: the wrong month was exported.")
    )

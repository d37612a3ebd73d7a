"""Connections in the administration: their settings field by field, their secret going in and never coming out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from lifecycle.forms.connection_settings import SettingFields, entered, field_of, shown
from lifecycle.importers.connectors.registry import KINDS
from lifecycle.models import Connection


class ConnectionForm(forms.ModelForm, SettingFields):  # type: ignore[type-arg, misc]
    """A connection; an empty secret keeps the one there is. `cleaned_data["settings"]` is what was entered of it."""

    secret = forms.CharField(label=_("Secret"), max_length=2000, required=False, widget=UnfoldAdminPasswordWidget)

    class Meta:
        model = Connection
        fields = ("name", "kind", "subject", "carrier", "every_minutes", "is_enabled", "secret")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(shown(self.instance.settings), secret="")
        if self.instance.pk and "secret" in self.fields:
            self.fields["secret"].help_text = _("Empty: as it is.")

    def clean(self) -> dict[str, Any]:
        """Put the settings together, and say beside each field what is wrong with it."""
        given = super().clean() or self.cleaned_data
        kind, subject = given.get("kind"), given.get("subject")
        if kind and subject:
            given["settings"] = entered(kind, given)
        if kind and subject and subject in KINDS[kind].subjects:
            for reason in KINDS[kind].read_settings(given["settings"], subject)[1]:
                field = field_of(reason.column)
                self.add_error(field if field in self.fields else None, str(reason.message))
        return given

"""Connections in the administration: their settings as JSON, their secret going in and never coming out."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextareaWidget

from lifecycle.models import Connection


class ConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A connection; an empty secret keeps the one there is."""

    secret = forms.CharField(label=_("Secret"), max_length=2000, required=False, widget=UnfoldAdminPasswordWidget)

    class Meta:
        model = Connection
        fields = ("name", "kind", "subject", "carrier", "every_minutes", "is_enabled", "settings", "secret")
        widgets = {"settings": UnfoldAdminTextareaWidget(attrs={"rows": 24, "spellcheck": "false"})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.initial.update(secret="")
        if self.instance.pk and "secret" in self.fields:
            self.fields["secret"].help_text = _("Empty: as it is.")

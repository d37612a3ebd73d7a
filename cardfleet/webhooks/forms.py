"""What the administration asks of a webhook."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextareaWidget

from cardfleet.webhooks.models import Webhook
from cardfleet.webhooks.services.webhooks import Asked


def lines(label: Any, help_text: Any, *, required: bool = False) -> SimpleArrayField:
    """Return a field for a list, one a line."""
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 4})
    return SimpleArrayField(
        forms.CharField(max_length=100),
        label=label,
        help_text=help_text,
        required=required,
        delimiter="\n",
        widget=widget,
    )


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]
    """A webhook. The secret goes in and never comes out; a new one takes over with a day of overlap."""

    actions = lines(
        _("Actions"), _("One a line: lifecycle.card_issued, beginnings such as cards.*, or * for all."), required=True
    )
    kinds = lines(_("Kinds of subjects"), _("Empty: any. One a line, such as cards.card."))
    about = lines(
        _("About"),
        _("Empty: anything. One a line: cards.card:7, or accounts.team:3 and cards.carrier:2 for all of their cards."),
    )
    secret = forms.CharField(
        label=_("Signing secret"), max_length=120, required=False, widget=UnfoldAdminPasswordWidget
    )

    class Meta:
        model = Webhook
        fields = ("name", "address", "actions", "kinds", "about", "secret", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["secret"] = ""
        is_there = bool(self.instance.pk)
        as_it_is = _("Empty: as it is. A new one signs from now on, the old one beside it for 24 hours.")
        how = _("whsec_ and 24 to 64 bytes in base64: openssl rand -base64 32. The receiver needs the same.")
        self.fields["secret"].required = not is_there
        self.fields["secret"].help_text = as_it_is if is_there else how


def asked_of(given: dict[str, Any]) -> Asked:
    """Return what was asked for in a valid form."""
    return Asked(**{name: given[name] for name in ("name", "address", "actions", "kinds", "about")})

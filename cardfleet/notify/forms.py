"""What the administration asks of channels."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from cardfleet.notify.models import Channel


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A channel. Address and secret go in and never come out: whoever knows a robot's hook can write to the group."""

    address = forms.CharField(label=_("Address"), max_length=500, required=False, widget=UnfoldAdminPasswordWidget)
    secret = forms.CharField(
        label=_("Signing secret"), max_length=200, required=False, widget=UnfoldAdminPasswordWidget
    )

    class Meta:
        model = Channel
        fields = ("name", "kind", "address", "secret", "team", "is_active")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.initial.update(address="", secret="")
        where = _("E-mail address, or the robot's full hook address.")
        self.fields["address"].help_text = _("Empty: as it is.") if self.instance.pk else where

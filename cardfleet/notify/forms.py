"""What the administration asks of channels, and what people choose for themselves."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from cardfleet.kernel.errors import Text
from cardfleet.notify.choices import ChannelKind, Mode, Urgency
from cardfleet.notify.models import Channel
from cardfleet.notify.rules.wishes import Wishes
from cardfleet.notify.services.wishes import Chosen
from cardfleet.notify.topics import topics


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A channel. Address and secret go in and never come out: whoever knows a robot's hook can write to the group."""

    address = forms.CharField(label=_("Address"), max_length=500, required=False, widget=UnfoldAdminPasswordWidget)
    secret = forms.CharField(
        label=_("Signing secret"), max_length=200, required=False, widget=UnfoldAdminPasswordWidget
    )

    class Meta:
        model = Channel
        fields = (
            *("name", "kind", "address", "secret", "team", "is_active"),
            *("least", "quiet_from", "quiet_until", "urgent_through"),
        )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.initial.update(address="", secret="")
        where = _("E-mail address, or the robot's full hook address.")
        self.fields["address"].help_text = _("Empty: as it is.") if self.instance.pk else where


class ClockInput(forms.TimeInput):
    """A time of day, chosen in the browser's own way."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class WishesForm(forms.Form):
    """How a person is told: outside, quiet hours, daily digest, and each topic."""

    email = forms.BooleanField(label=_("Also by e-mail"), required=False)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=ClockInput())
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=ClockInput())
    urgent_through = forms.BooleanField(label=_("What is critical comes all the same"), required=False)
    digest_at = forms.TimeField(
        label=_("Daily digest at"), required=False, widget=ClockInput(), help_text=_("Empty: no digest.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics: Mapping[str, Text] = topics()
        for code, label in self.topics.items():
            self.fields[f"topic:{code}"] = forms.ChoiceField(label=str(label), choices=Mode.choices)

    @classmethod
    def of(cls, wishes: Wishes) -> "WishesForm":
        """Return the form with what holds now."""
        quiet = wishes.quiet
        facts: dict[str, Any] = {
            "email": wishes.email,
            "quiet_from": quiet.start,
            "quiet_until": quiet.end,
            "urgent_through": quiet.urgent_through,
            "digest_at": wishes.digest_at,
        }
        return cls(initial=facts | {f"topic:{code}": wishes.mode(code) for code in topics()})

    def main_fields(self) -> list[forms.BoundField]:
        """Return the fields above the topics."""
        return [field for field in self if not field.name.startswith("topic:")]

    def topic_fields(self) -> list[forms.BoundField]:
        """Return one field a topic."""
        return [field for field in self if field.name.startswith("topic:")]

    def chosen(self) -> Chosen:
        """Return what was chosen in a valid form."""
        given = self.cleaned_data
        return Chosen(
            email=given["email"],
            quiet_from=given["quiet_from"],
            quiet_until=given["quiet_until"],
            urgent_through=given["urgent_through"],
            digest_at=given["digest_at"],
            modes={code: Mode(given[f"topic:{code}"]) for code in self.topics},
        )


class OwnChannelForm(forms.Form):
    """A channel of one's own: a robot in a group of one, or another mailbox."""

    name = forms.CharField(label=_("Name of the channel"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=ChannelKind.choices)
    address = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("E-mail address, or the robot's full hook address.")
    )
    secret = forms.CharField(
        label=_("Signing secret"), max_length=200, required=False, widget=forms.PasswordInput(render_value=False)
    )
    least = forms.TypedChoiceField(label=_("Carries"), choices=Urgency.choices, coerce=int)

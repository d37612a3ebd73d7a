"""What people type about devices, and which card goes into which."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team, User
from cardfleet.accounts.querysets import UserQuerySet
from cards.choices import DeviceKind, DeviceState, Network
from cards.forms.devices import SLOT_FORMS
from cards.models import Device
from cards.querysets import CardQuerySet, DeviceQuerySet
from lifecycle.forms.conduct import CARD_HELP
from lifecycle.forms.handout import CardNameField

IMEI_HELP = _("15 digits; dial *#06# on the device. A scanner may type it.")
IMEI_INPUT = {"inputmode": "numeric", "autocomplete": "off"}


class PersonField(forms.CharField):
    """A person of one's scope by staff number; nobody where it is empty."""

    people: UserQuerySet = User.objects.none()

    def clean(self, value: Any) -> User | None:
        """Return the person."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        person: User | None = self.people.filter(staff_no__iexact=text).first()
        if person is None:
            raise forms.ValidationError(_("Nobody in your scope has this staff number."), code="unknown_person")
        return person


class DeviceField(forms.CharField):
    """A recorded device of one's scope by its IMEI, or by the last digits of one."""

    devices: DeviceQuerySet = Device.objects.none()

    def clean(self, value: Any) -> Device:
        """Return the device; the error says what to do where it is not recorded."""
        text = str(super().clean(value)).strip()
        ends = Q(imei__endswith=text) | Q(imei2__endswith=text)
        found = list(self.devices.of_imei(text)[:1]) or list(self.devices.filter(ends)[:2])
        if not found:
            said = _("No device in your scope has this IMEI. Record it in the register first.")
            raise forms.ValidationError(said, code="unknown_device")
        if len(found) > 1:
            raise forms.ValidationError(_("Several devices match; type the whole IMEI."), code="ambiguous_device")
        return found[0]


class DeviceForm(forms.Form):
    """The facts of a device; its IMEI is asked for once, when it is recorded."""

    imei = forms.CharField(label="IMEI", max_length=40, help_text=IMEI_HELP, widget=forms.TextInput(attrs=IMEI_INPUT))
    imei2 = forms.CharField(
        label=_("Second IMEI"),
        max_length=40,
        required=False,
        help_text=_("Of a phone for two cards; *#06# shows it below the first."),
        widget=forms.TextInput(attrs=IMEI_INPUT),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=DeviceKind.choices,
        help_text=_("GoIP, SIM banks and modem pools are not recorded: nobody may use them."),
    )
    model = forms.CharField(label=_("Make and model"), max_length=80, required=False)
    owner = PersonField(
        label=_("Owned by"), required=False, help_text=_("Staff number, if a person owns it; empty: the company.")
    )
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))
    network = forms.ChoiceField(label=_("Best network"), choices=[("", "—"), *Network.choices], required=False)
    sim_slots = forms.TypedChoiceField(label=_("SIM slots"), choices=[(1, "1"), (2, "2")], coerce=int, initial=2)
    sim_forms = forms.MultipleChoiceField(
        label=_("SIM forms it takes"), choices=SLOT_FORMS, required=False, widget=forms.CheckboxSelectMultiple
    )
    licence_no = forms.CharField(
        label=_("Network access licence"),
        max_length=32,
        required=False,
        help_text=_("进网许可, on the device's label."),
    )
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, person: User, device: Device | None = None, **kwargs: Any) -> None:
        known = initial_of(device) if device else {"team": person.team_id}
        kwargs["initial"] = {**known, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        teams = self.fields["team"]
        assert isinstance(teams, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        teams.queryset = Team.objects.visible_to(person)
        self.fields["owner"].people = User.objects.visible_to(person)  # type: ignore[attr-defined]
        if device:
            del self.fields["imei"]
        if device and device.imei2:
            del self.fields["imei2"]


def initial_of(device: Device) -> dict[str, Any]:
    """Return the facts of a device as the form shows them."""
    names = ("kind", "model", "team", "network", "sim_slots", "sim_forms", "licence_no", "note")
    return {
        **{name: getattr(device, name) for name in names},
        "owner": device.owner.staff_no if device.owner else "",
    }


class DeviceStateForm(forms.Form):
    """What became of a device."""

    to = forms.ChoiceField(
        label=_("State"),
        choices=[choice for choice in DeviceState.choices if choice[0] != DeviceState.SUPERSEDED],
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class SupersedeForm(forms.Form):
    """The IMEI that a wrongly recorded device really has."""

    imei = forms.CharField(
        label=_("The IMEI it really has"), max_length=40, help_text=IMEI_HELP, widget=forms.TextInput(attrs=IMEI_INPUT)
    )
    reason = forms.CharField(label=_("What was wrong"), max_length=200)


class IntoDeviceForm(forms.Form):
    """The device a card goes into."""

    device = DeviceField(
        label=_("Device"), max_length=40, help_text=IMEI_HELP, widget=forms.TextInput(attrs=IMEI_INPUT)
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, devices: DeviceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device"].devices = devices  # type: ignore[attr-defined]


class CardIntoForm(forms.Form):
    """The card that goes into a device."""

    card = CardNameField(label=_("Card"), help_text=CARD_HELP)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, cards: CardQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card"].cards = cards  # type: ignore[attr-defined]


class DeviceFileForm(forms.Form):
    """A file of devices."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, XLS or XLSX with IMEI, IMEI2, 类型, 型号, 归属人工号, 班组, 网络, 卡槽, 卡型, "
            "进网许可证号, 状态, 卡号."
        ),
    )

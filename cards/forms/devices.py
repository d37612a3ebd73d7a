"""The administration's form of a device."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.choices import SimForm
from cards.models import Device

# Sizes a slot has; "three in one" is a card, not a slot.
SLOT_FORMS = [(form.value, form.label) for form in SimForm if form != SimForm.MULTI]


class DeviceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A device; the forms its slots take are ticked."""

    sim_forms = forms.MultipleChoiceField(
        label=_("SIM forms it takes"), choices=SLOT_FORMS, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Device
        fields = "__all__"  # noqa: DJ007 - the service lists what may be edited

"""What people type at the real-name desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import DayInput
from cardfleet.accounts.models import User
from cards.choices.real_name import CopyPurpose, SanctionBasis
from cards.models import Registrant


class SanctionForm(forms.Form):
    """Who may get no new number, why and until when."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False)
    registrant = forms.ModelChoiceField(
        Registrant.objects.defer("id_number"), label=_("or a registrant"), required=False
    )
    basis = forms.ChoiceField(label=_("Basis"), choices=SanctionBasis)
    source = forms.CharField(label=_("Told by"), max_length=200, help_text=_("Letter or notice, its number and day."))
    starts_on = forms.DateField(label=_("From"), widget=DayInput)
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DayInput,
        help_text=_("Empty: three years after a conviction, two after a finding of the police."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        people.queryset = User.objects.visible_to(person).order_by("name", "pk")


class IdCheckForm(forms.Form):
    """What somebody found under their own ID: counts alone, never the numbers."""

    checked_on = forms.DateField(label=_("Looked up on"), widget=DayInput)
    found = forms.IntegerField(label=_("Numbers found under my ID"), min_value=0, max_value=999)
    foreign = forms.IntegerField(label=_("Of these, numbers I do not know"), min_value=0, max_value=999)


class CopyForm(forms.Form):
    """A copy of an ID."""

    file = forms.FileField(
        label=_("Copy of the ID"), help_text=_("JPEG or PNG, up to 20 MB. Keep one only where it is needed.")
    )


class LookForm(forms.Form):
    """What an ID copy is looked at for."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=CopyPurpose)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Kept in the journal."))

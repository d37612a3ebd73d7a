"""What an evidence pack is asked for with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import DayInput
from cardfleet.accounts.models import Team, User
from cards.models import Card
from lifecycle.forms.conduct import CARD_HELP
from lifecycle.forms.handout import CardNameField
from lifecycle.services.packs import NAMES, NUMBERS


class OneCardField(CardNameField):
    """A card, or none."""

    def clean(self, value: Any) -> Any:
        """Return the card; None where nothing is entered."""
        return super().clean(value) if str(value or "").strip() else None


class PackScopeForm(forms.Form):
    """Of what: a card, or the cards of a period, of a team's where one is named."""

    card = OneCardField(label=_("Card"), required=False, max_length=40, help_text=CARD_HELP)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team or legal entity"), required=False, help_text=_("Empty: all in your scope.")
    )
    first = forms.DateField(label=_("From"), required=False, widget=DayInput)
    last = forms.DateField(
        label=_("Until"), required=False, widget=DayInput, help_text=_("Of a single card both may be left out.")
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card"].cards = Card.objects.visible_to(person)  # type: ignore[attr-defined]
        self.fields["card"].widget.attrs["autocomplete"] = "off"
        self.fields["team"].queryset = Team.objects.visible_to(person)  # type: ignore[attr-defined]

    def scope(self) -> dict[str, Any]:
        """Return it as the service is given it."""
        given = self.cleaned_data
        return {
            "card_id": given["card"].pk if given["card"] else None,
            "team_id": given["team"].pk if given["team"] else None,
            "first": given["first"],
            "last": given["last"],
        }


class PackForm(PackScopeForm):
    """And why; names and numbers whole only for those who may see them so."""

    with_names = forms.BooleanField(
        label=_("Names of people in full"),
        required=False,
        help_text=_("Otherwise the first character and the staff number."),
    )
    with_numbers = forms.BooleanField(
        label=_("Card numbers in full"), required=False, help_text=_("Otherwise 138****1234.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who asked for it, with the letter's number. It stands in the pack and in the journal."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        for name, right in (("with_names", NAMES), ("with_numbers", NUMBERS)):
            if not person.has_perm(right):
                del self.fields[name]

    def asked(self) -> dict[str, Any]:
        """Return all of it as the service is given it."""
        whole = {name: self.cleaned_data.get(name, False) for name in ("with_names", "with_numbers")}
        return {**self.scope(), **whole, "reason": self.cleaned_data["reason"]}

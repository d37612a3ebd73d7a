"""What is entered in the registers of complaints, marks and re-verifications."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.forms import DayInput, MomentInput
from cards.models import Card
from cards.querysets import CardQuerySet
from lifecycle.choices import ReportKind
from lifecycle.forms.handout import CardNameField

MOST_CARDS = 200
CARD_HELP = _("Number, last digits or ICCID; a scanner may type it.")


class CardsField(forms.CharField):
    """Cards in scope, one a line, each named as in `CardNameField`."""

    widget = forms.Textarea(attrs={"rows": 4})
    cards: CardQuerySet = Card.objects.none()

    def clean(self, value: Any) -> list[Card]:
        """Return the cards, each once; the error names the line."""
        named = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(named) > MOST_CARDS:
            said = format_lazy(_("At most {most} cards at once. Send the rest in a second go."), most=MOST_CARDS)
            raise forms.ValidationError(said, code="too_many")
        return list({card.pk: card for card in (self._card(line, name) for line, name in enumerate(named, 1))}.values())

    def _card(self, line: int, name: str) -> Card:
        one = CardNameField()
        one.cards = self.cards
        try:
            return one.clean(name)
        except forms.ValidationError as error:
            said = format_lazy(_("Line {line}: {fault}"), line=line, fault=" ".join(error.messages))
            raise forms.ValidationError(said, code="card_on_line") from error


class AboutCard(forms.Form):
    """A form about one card of the person's scope."""

    card = CardNameField(label=_("Card"), help_text=CARD_HELP)

    def __init__(self, *args: Any, cards: CardQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card"].cards = cards  # type: ignore[attr-defined]


class ComplaintForm(AboutCard):
    """What reached us about a number."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ReportKind.choices)
    received_at = forms.DateTimeField(label=_("Received at"), widget=MomentInput)
    channel = forms.CharField(label=_("Through"), max_length=40, help_text=_("12321, the carrier, a letter ..."))
    valid = forms.BooleanField(label=_("Found valid"), required=False, initial=True)
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MarkForm(AboutCard):
    """That a platform marks a number."""

    platform = forms.CharField(label=_("Platform"), max_length=40)
    label = forms.CharField(label=_("Label shown"), max_length=40, required=False)
    marked_on = forms.DateField(label=_("Marked since"), widget=DayInput)


class NoticeForm(forms.Form):
    """That a carrier demands a re-verification of some numbers."""

    cards = CardsField(label=_("Cards"), help_text=_("One a line: number, last digits or ICCID."))
    noticed_at = forms.DateTimeField(label=_("Notice came at"), widget=MomentInput)
    source = forms.CharField(label=_("Through"), max_length=40, help_text=_("Message, call, letter ..."))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, cards: CardQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cards"].cards = cards  # type: ignore[attr-defined]


class TakeBackForm(forms.Form):
    """Why an entry was a mistake."""

    reason = forms.CharField(label=_("Reason"), max_length=200)

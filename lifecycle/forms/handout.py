"""Hand-out, return and recorded states: cards and agents are named as people name them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.choices import HandoverKind
from agents.forms import AgentNameField, DayInput, MomentInput
from agents.models import Agent, Assignment
from agents.querysets import AgentQuerySet
from agents.services.assignments import RETURN_PLACES
from cards.choices import ChangeSource, Condition, CustodyState, StopReason
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.rules.transitions import legal_targets

SOURCES = [
    ChangeSource.CARRIER_SMS,
    ChangeSource.CARRIER_APP,
    ChangeSource.CARRIER_CALL,
    ChangeSource.OUTLET,
    ChangeSource.PERSON,
]


class CardNameField(forms.CharField):
    """A card by number, last digits or ICCID; exactly one in scope must match."""

    cards: CardQuerySet = Card.objects.none()

    def clean(self, value: Any) -> Card:
        """Return the card."""
        text = str(super().clean(value)).strip()
        found = list(self.cards.matching(text)[:2])
        if not found:
            raise forms.ValidationError(_("No card in your scope matches this."), code="unknown_card")
        if len(found) > 1:
            raise forms.ValidationError(_("Several cards match; enter more digits."), code="ambiguous_card")
        return found[0]


class IssueForm(forms.Form):
    """Who gets which card."""

    card = CardNameField(label=_("Card"), help_text=_("Number, last digits or ICCID; a scanner may type it."))
    agent = AgentNameField(label=_("Agent"), help_text=_("Staff number, name or pinyin initials."))
    due_back_on = forms.DateField(
        label=_("Due back on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    started_at = forms.DateTimeField(
        label=_("Handed over at"), required=False, widget=MomentInput, help_text=_("Empty means now.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, cards: CardQuerySet, agents: AgentQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card"].cards = cards  # type: ignore[attr-defined]
        self.fields["agent"].agents = agents  # type: ignore[attr-defined]
        for name in ("card", "agent"):
            self.fields[name].widget.attrs |= {"list": f"{name}-options", "autocomplete": "off"}
        self.fields["agent" if self.initial.get("card") else "card"].widget.attrs["autofocus"] = True


class HolderForm(forms.Form):
    """Who gets all the cards that are scanned."""

    agent = AgentNameField(label=_("Agent"), help_text=_("Staff number, name or pinyin initials."))

    def __init__(self, *args: Any, agents: AgentQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].agents = agents  # type: ignore[attr-defined]
        self.fields["agent"].widget.attrs |= {"list": "agent-options", "autocomplete": "off", "autofocus": True}


class TermsForm(forms.Form):
    """On which terms scanned cards are handed out, all alike."""

    due_back_on = forms.DateField(label=_("Due back on"), required=False, widget=DayInput)
    accessories = forms.CharField(
        label=_("Accessories"), required=False, max_length=200, help_text=_("Phone, card holder, charger.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class ScanForm(forms.Form):
    """One scan, with what the page knows: who gets the cards, and until when."""

    scanned = CardNameField(max_length=200)
    kind = forms.ChoiceField(choices=HandoverKind.choices)
    agent = forms.ModelChoiceField(Agent.objects.none())
    due_back_on = forms.DateField(required=False)

    def __init__(self, data: Any, *, cards: CardQuerySet, agents: AgentQuerySet) -> None:
        super().__init__(data)
        self.fields["scanned"].cards = cards  # type: ignore[attr-defined]
        self.fields["agent"].queryset = agents  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """Which card comes back, and where it goes."""

    card = CardNameField(label=_("Card"), help_text=_("Number, last digits or ICCID; a scanner may type it."))
    to = forms.ChoiceField(
        label=_("Goes to"), choices=[(place.value, place.label) for place in map(CustodyState, RETURN_PLACES)]
    )
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices)
    ended_at = forms.DateTimeField(
        label=_("Given back at"), required=False, widget=MomentInput, help_text=_("Empty means now.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, cards: CardQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Assignment.objects.open().values("card")
        self.fields["card"].cards = cards.filter(pk__in=held)  # type: ignore[attr-defined]
        self.fields["to" if self.initial.get("card") else "card"].widget.attrs["autofocus"] = True


class ReturnDayForm(forms.Form):
    """The day a card is to come back; none lets it stay."""

    due_back_on = forms.DateField(required=False)


class TransitionForm(forms.Form):
    """What the carrier did, or we with the carrier; only legal states are offered."""

    to = forms.ChoiceField(label=_("New state"))
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", "—"), *StopReason.choices])
    source = forms.ChoiceField(label=_("How we know"), choices=[(item.value, item.label) for item in SOURCES])
    at = forms.DateTimeField(
        label=_("Since when"),
        required=False,
        widget=MomentInput,
        help_text=_("Empty means now."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = legal_targets(card.service_state)
        self.fields["to"].choices = [(target.value, target.label) for target in targets]  # type: ignore[attr-defined]

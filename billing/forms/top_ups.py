"""What people enter about a top-up (R28)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import MomentInput
from billing.choices import TopUpChannel
from cards.models import Card
from cards.querysets import CardQuerySet

LEAST = Decimal("0.01")


class AskForm(forms.Form):
    """How much for which card, and what for."""

    card = forms.CharField(label=_("Card"), help_text=_("Number, last digits or ICCID."))
    amount = forms.DecimalField(label=_("Amount (CNY)"), min_value=LEAST, max_digits=10, decimal_places=2)
    reason = forms.CharField(label=_("What for"), max_length=200, required=False)
    sure = forms.BooleanField(label=_("The amount is right"), required=False)

    def __init__(self, *args: Any, cards: CardQuerySet, asks_again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = cards
        if not asks_again:
            self.fields["sure"].widget = forms.HiddenInput()

    def clean_card(self) -> Card:
        """Return the one card in scope that is named."""
        return one_card(self.cards, self.cleaned_data["card"])


class PaymentForm(forms.Form):
    """What was paid outside CardFleet."""

    paid = forms.DecimalField(label=_("Paid (CNY)"), min_value=LEAST, max_digits=10, decimal_places=2)
    face_value = forms.DecimalField(
        label=_("Face value (CNY)"),
        min_value=LEAST,
        max_digits=10,
        decimal_places=2,
        help_text=_("What is to arrive on the account."),
    )
    channel = forms.ChoiceField(label=_("Paid through"), choices=[("", "")])
    payer = forms.CharField(label=_("Payer"), max_length=80, required=False)
    reference = forms.CharField(label=_("Reference"), max_length=120, required=False)
    paid_at = forms.DateTimeField(label=_("Paid at"), widget=MomentInput)
    file = forms.FileField(label=_("Proof"), required=False, help_text=_("A picture or PDF of the payment."))
    risk_reason = forms.CharField(
        label=_("Why it was paid so"),
        max_length=200,
        required=False,
        help_text=_("Only where the face value is above what was paid by more than 3 %."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [("", ""), *TopUpChannel.choices]  # type: ignore[attr-defined]


class ArrivalForm(forms.Form):
    """When the money came."""

    arrived_at = forms.DateTimeField(label=_("Arrived at"), widget=MomentInput)
    risk_reason = forms.CharField(
        label=_("Why it took so long"),
        max_length=200,
        required=False,
        help_text=_("Only where it came later than 24 hours after it was paid."),
    )


class WhyForm(forms.Form):
    """A reason, for a no or for taking back."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


def one_card(cards: CardQuerySet, text: str) -> Card:
    """Return the one card that a text names; ValidationError for none or several."""
    found: list[Card] = list(cards.matching(text)[:2])
    if len(found) == 1:
        return found[0]
    message = _("Several cards match; enter more digits.") if found else _("No card in your scope matches this.")
    raise forms.ValidationError(message, code="card")

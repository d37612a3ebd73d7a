"""What an agent reads off an invoice, and what finance says to claims (R67)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.choices import InvoiceKind
from billing.services.claims import Given
from cards.models import Card

FIGURES = {"inputmode": "numeric", "autocomplete": "off"}
MONEY = {"inputmode": "decimal", "autocomplete": "off"}


def _money(label: Any, *, help_text: Any = "") -> forms.DecimalField:
    widget = forms.TextInput(attrs=MONEY)
    return forms.DecimalField(label=label, max_digits=11, decimal_places=2, widget=widget, help_text=help_text)


class ClaimLineForm(forms.Form):
    """An invoice for one of the cards held in a month. The hidden fields name papers sent before, signed."""

    card = forms.ChoiceField(label=_("Card"))
    file = forms.FileField(
        label=_("Photo of the invoice"),
        required=False,
        help_text=_("Take a picture, or choose a picture or PDF."),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    proof = forms.FileField(
        label=_("Bill or proof of payment"),
        required=False,
        help_text=_("The receipt of the top-up, or the carrier's bill."),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )
    kept_proof = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind of invoice"), choices=InvoiceKind.choices)
    number = forms.CharField(label=_("Invoice number"), max_length=20, widget=forms.TextInput(attrs=FIGURES))
    code = forms.CharField(
        label=_("Invoice code"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs=FIGURES),
        help_text=_("Digital invoices have none."),
    )
    issued_on = forms.DateField(
        label=_("Date of the invoice"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    title = forms.CharField(label=_("Title (buyer)"), max_length=120)
    tax_id = forms.CharField(
        label=_("Tax ID of the buyer"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    gross = _money(_("Amount with tax"), help_text=_("The amount you claim, in yuan. Below zero on a red letter."))
    net = _money(_("Amount without tax"))
    tax = _money(_("Tax"))
    red_number = forms.CharField(
        label=_("Number of the invoice a red letter takes back"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=FIGURES),
    )

    def __init__(self, *args: Any, cards: Sequence[Card], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = {str(card.pk): card for card in cards}
        choices = [(pk, f"{card.masked_msisdn} {card.carrier}") for pk, card in self.cards.items()]
        initial = choices[0][0] if len(choices) == 1 else None
        self.fields["card"] = forms.ChoiceField(label=_("Card"), choices=choices, initial=initial)

    def clean_card(self) -> Card:
        """Return the card."""
        return self.cards[self.cleaned_data["card"]]

    def given(self) -> Given:
        """Return the invoice as it was entered."""
        values: Mapping[str, Any] = self.cleaned_data
        return Given(**{name: values[name] for name in Given.__dataclass_fields__})


class SendForm(forms.Form):
    """What the claimant says to finance."""

    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class RefusalForm(forms.Form):
    """Why a claim is refused."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class PaymentForm(forms.Form):
    """The reference of a payment."""

    reference = forms.CharField(
        label=_("Reference"), max_length=80, help_text=_("The number of the bank's or cashier's paper.")
    )

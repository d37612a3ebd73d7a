"""A top-up, charge or adjustment posted by hand (R28)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.choices import BY_HAND
from billing.models import AccountCard
from cards.models import Card
from cards.querysets import CardQuerySet


class PostingForm(forms.Form):
    """What is posted for which card; the account that pays for the card takes it."""

    card = forms.CharField(label=_("Card"), help_text=_("Number, last digits or ICCID."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in BY_HAND])
    amount = forms.DecimalField(
        label=_("Amount (CNY)"),
        max_digits=11,
        decimal_places=2,
        help_text=_("Top-ups and charges above zero; an adjustment may be below."),
    )
    reference = forms.CharField(label=_("Reference"), required=False, max_length=120)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    sure = forms.BooleanField(label=_("The amount is right"), required=False)

    def __init__(self, *args: Any, cards: CardQuerySet, asks_again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = cards
        if not asks_again:
            self.fields["sure"].widget = forms.HiddenInput()

    def clean_card(self) -> AccountCard:
        """Return the account that pays for the one card named."""
        found: list[Card] = list(self.cards.matching(self.cleaned_data["card"])[:2])
        if len(found) != 1:
            message = (
                _("Several cards match; enter more digits.") if found else _("No card in your scope matches this.")
            )
            raise forms.ValidationError(message, code="card")
        paid_by = AccountCard.objects.select_related("account", "card").filter(card=found[0], ends_on__isnull=True)
        member = paid_by.first()
        if member is None:
            raise forms.ValidationError(
                _("No account pays for this card yet. Import its balance first."), code="account"
            )
        return member

    def clean_amount(self) -> Decimal:
        """Return an amount that is not nil."""
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Enter an amount other than zero."), code="zero")
        return amount

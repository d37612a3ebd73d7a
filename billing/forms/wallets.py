"""Wallets, what is paid into them, and balance that is moved."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Account, AccountCard
from billing.selectors.wallets import wallets
from cardfleet.kernel.money import ZERO, to_fen
from cards.models import Carrier
from cards.querysets import CardQuerySet


class WalletForm(forms.Form):
    """A wallet to open."""

    carrier = forms.ModelChoiceField(label=_("Carrier"), queryset=Carrier.objects.order_by("name"))
    code = forms.CharField(label=_("Account number"), max_length=64)


class PayInForm(forms.Form):
    """What the company paid into a wallet."""

    wallet = forms.ModelChoiceField(label=_("Wallet"), queryset=wallets())
    amount = forms.DecimalField(label=_("Amount (CNY)"), max_digits=11, decimal_places=2, min_value=Decimal("0.01"))
    reference = forms.CharField(label=_("Reference"), required=False, max_length=120)


class TransferForm(forms.Form):
    """From a wallet or the account of a card, to accounts of cards or back to a wallet."""

    wallet = forms.ModelChoiceField(
        label=_("From the wallet"), queryset=wallets(), required=False, empty_label=_("none: from a card")
    )
    card = forms.CharField(label=_("Or from the card"), required=False, help_text=_("Number, last digits or ICCID."))
    to_wallet = forms.ModelChoiceField(
        label=_("To the wallet"), queryset=wallets(), required=False, empty_label=_("none: to cards")
    )
    lines = forms.CharField(
        label=_("To cards, with amounts"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A card and an amount on each line: 13812345678 50.00. To a wallet the amount alone."),
    )
    reference = forms.CharField(label=_("Reference"), required=False, max_length=120)
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, cards: CardQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = cards

    def clean(self) -> dict[str, Any]:
        """Return `source`, an account, and `amounts` by the ids of accounts."""
        given = super().clean() or {}
        if bool(given.get("wallet")) == bool(given.get("card")):
            self.add_error("card", forms.ValidationError(_("Take it either from a wallet or from a card."), code="one"))
            return given
        given["source"] = given.get("wallet") or self._account("card", given["card"], line=1)
        given["amounts"] = self._amounts(given.get("to_wallet"), given.get("lines", ""))
        return given

    def _amounts(self, wallet: Account | None, text: str) -> dict[int, Decimal]:
        amounts: dict[int, Decimal] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                name, _space, amount = line.replace(",", " ").strip().rpartition(" ")
                account = wallet or self._account("lines", name.strip(), line=number)
                if account:
                    amounts[account.pk] = amounts.get(account.pk, ZERO) + self._amount(amount, line=number)
        return amounts

    def _amount(self, text: str, *, line: int) -> Decimal:
        try:
            return to_fen(Decimal(text))
        except ArithmeticError:
            said = _("Line %(line)s: “%(value)s” is not an amount. Write it like 50.00.")
            self.add_error("lines", forms.ValidationError(said, params={"line": line, "value": text}, code="amount"))
            return ZERO

    def _account(self, field: str, text: str, *, line: int) -> Account | None:
        """Return the account that pays for the one card a text names."""
        found = list(self.cards.matching(text)[:2]) if text else []
        paid_by = AccountCard.objects.current().select_related("account").filter(card__in=found)
        member = paid_by.first() if len(found) == 1 else None
        if member is None:
            said = _("Line %(line)s: “%(value)s” is no one card of yours that an account pays for. Correct it.")
            self.add_error(field, forms.ValidationError(said, params={"line": line, "value": text}, code="card"))
            return None
        return member.account

"""The company's wallets at carriers, and balance moved between them and accounts of cards."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.choices import EntryKind
from billing.forms.wallets import PayInForm, TransferForm, WalletForm
from billing.selectors.wallets import last_transfers, wallets
from billing.services.ledger import post
from billing.services.transfers import open_wallet, transfer
from billing.views.access import MoneyView, person
from cardfleet.kernel.errors import Refusal, Text
from cards.models import Card


class WalletsView(MoneyView):
    """Wallets with their balance, and the last transfers."""

    permission_required = "billing.view_transfer"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return render(request, "billing/wallets.html", {"wallets": wallets(), "transfers": last_transfers()})


class DeedView(MoneyView):
    """A form of one deed; what was entered stays when the deed is refused."""

    permission_required = "billing.make_transfer"
    title: ClassVar[Text]
    done: ClassVar[Text]

    def form(self, *args: Any) -> forms.Form:
        """Return the form."""
        raise NotImplementedError

    def do(self, given: dict[str, Any], known: dict[str, Any]) -> None:
        """Do what was asked for; `known` are actor and now."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        return self.shown(request, self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it, or say what stands against it."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.shown(request, form, status=422)
        try:
            self.do(form.cleaned_data, {"actor": person(request), "now": timezone.now()})
        except Refusal as refusal:
            return self.shown(request, form, refusal=refusal, status=refusal.status)
        messages.success(request, str(self.done))
        return redirect("billing:wallets")

    def shown(
        self, request: HttpRequest, form: forms.Form, *, refusal: Refusal | None = None, status: int = 200
    ) -> HttpResponse:
        """Return the page."""
        context = {"form": form, "refusal": refusal, "title": self.title}
        return render(request, "billing/wallet_form.html", context, status=status)


class WalletOpenView(DeedView):
    """Open a wallet."""

    title, done = _("Open a wallet"), _("The wallet is opened.")

    def form(self, *args: Any) -> forms.Form:
        """Ask for the carrier and its number."""
        return WalletForm(*args)

    def do(self, given: dict[str, Any], known: dict[str, Any]) -> None:
        """Open it."""
        open_wallet(**given, **known)


class PayInView(DeedView):
    """Post what was paid into a wallet."""

    title, done = _("Pay into a wallet"), _("The entry is posted.")

    def form(self, *args: Any) -> forms.Form:
        """Ask for the amount."""
        return PayInForm(*args)

    def do(self, given: dict[str, Any], known: dict[str, Any]) -> None:
        """Post it."""
        post(
            account=given["wallet"],
            kind=EntryKind.TOP_UP,
            amount=given["amount"],
            reference=given["reference"],
            **known,
        )


class TransferView(DeedView):
    """Move balance."""

    title, done = _("Move balance"), _("The transfer is posted.")

    def form(self, *args: Any) -> forms.Form:
        """Ask from where to where."""
        return TransferForm(*args, cards=Card.objects.visible_to(person(self.request)))

    def do(self, given: dict[str, Any], known: dict[str, Any]) -> None:
        """Move it."""
        transfer(**{name: given[name] for name in ("source", "amounts", "reason", "reference")}, **known)

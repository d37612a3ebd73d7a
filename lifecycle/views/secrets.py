"""PIN, PUK and service password: who may asks for one with a reason, and sees it for a moment (R24, R25)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import View

from cardfleet.accounts.access import freshly_signed_in, is_fresh
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cards.models import Card
from cards.rules.secrets import HIDDEN, TRIES, glimpse, lock_advice, to_change_on
from cards.selectors.secrets import SecretFacts, secret_facts
from cards.services.secrets import TRIES_LEFT, record_try, revealed_lately, set_secrets
from lifecycle.forms.secrets import RevealForm, SecretForm
from lifecycle.selectors.secrets import BY_HOLDING, BY_SCOPE, looks, openable
from lifecycle.services.secrets import reveal_secret
from lifecycle.views.access import person

FIELDS = {
    "pin1": "PIN1",
    "puk1": "PUK1",
    "pin2": "PIN2",
    "puk2": "PUK2",
    "service_password": gettext_lazy("Service password"),
}


@dataclass(frozen=True)
class SecretRow:
    """A secret as the page speaks of it: never its value."""

    field: str
    label: str
    is_stored: bool
    remark: str
    is_tried: bool


@method_decorator(never_cache, name="dispatch")
class SecretsView(PermissionRequiredMixin, View):
    """The secrets of a card, none of them shown: a part of the card page, a page of its own for who holds the card.

    Who may not see them, or not this card, is told so before a password is asked for.
    """

    def has_permission(self) -> bool:
        """The right by scope or the right by holding."""
        return any(person(self.request).has_perm(right) for right in (BY_SCOPE, BY_HOLDING))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show which there are, how often each may still be mistyped, and to the office who looked."""
        card = self.card(pk)
        known, today = secret_facts(card), business_day(timezone.now())
        to_change = known.changed_at and to_change_on(business_day(known.changed_at), days=settings.SECRET_CHANGE_DAYS)
        context = {
            **self.frame(card),
            "secrets": list(_rows(known, today)),
            "advice": lock_advice(pin_left=known.pin_tries_left, puk_left=known.puk_tries_left),
            "to_change": to_change,
            "is_old": to_change and to_change <= today,
            "looks": looks(card) if person(request).has_perm(BY_SCOPE) else (),
            "fields": FIELDS,
        }
        part = "lifecycle/card_secrets.html" if getattr(request, "htmx", False) else "lifecycle/secrets.html"
        return render(request, part, context)

    def card(self, pk: int) -> Card:
        """Return a card the person may open; another is as if it were not."""
        card = openable(person(self.request)).select_related("carrier").filter(pk=pk).first()
        if card is None:
            raise Http404
        return card

    def frame(self, card: Card) -> dict[str, object]:
        """Return what every page here says: the card, and where to go back."""
        return {"card": card, "is_office": person(self.request).has_perm("lifecycle.view_fleet")}

    def label(self, field: str) -> str:
        """Return what a secret is called; Http404 for one there is not."""
        if field not in FIELDS:
            raise Http404
        return str(FIELDS[field])


class RevealView(SecretsView):
    """Show one secret for a moment, to somebody who has just signed in again and says why."""

    def get(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:  # type: ignore[override]
        """Ask for the reason."""
        return self.ask(request, self.card(pk), self.label(field))

    def post(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:
        """Open the secret; the page still does not hold it."""
        return self.open(request, self.card(pk), self.label(field), field)

    @method_decorator(freshly_signed_in)
    def ask(self, request: HttpRequest, card: Card, label: str) -> HttpResponse:
        """Ask somebody who has just signed in for the reason."""
        return self.shown(card, label, {"form": RevealForm()})

    @method_decorator(freshly_signed_in)
    def open(self, request: HttpRequest, card: Card, label: str, field: str) -> HttpResponse:
        """Journal the look, and offer the digits one by one."""
        form = RevealForm(request.POST)
        if not form.is_valid():
            return self.shown(card, label, {"form": form}, status=422)
        reason = form.cleaned_data["reason"]
        secret = reveal_secret(card_id=card.pk, field=field, actor=person(request), reason=reason, now=timezone.now())
        return self.shown(card, label, {"field": field, "glimpse": HIDDEN * len(secret), "next": 1})

    def shown(self, card: Card, label: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
        """Show the page."""
        whole = {**self.frame(card), "label": label, **context}
        return render(self.request, "lifecycle/reveal.html", whole, status=status)


class GlimpseView(RevealView):
    """Show a digit, or all, of a secret that was opened within the last minute."""

    def get(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:  # type: ignore[override]
        """Lead whoever comes back here to the question for the reason."""
        del request
        return redirect("lifecycle:reveal", pk=pk, field=field)

    def post(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:
        """Show it."""
        card, label = self.card(pk), self.label(field)
        secret = revealed_lately(card=card, field=field, actor=person(request), now=timezone.now())
        asked = request.POST.get("at", "")
        at = (int(asked) - 1) % len(secret) + 1 if asked.isascii() and asked.isdigit() else None
        shown = {"field": field, "glimpse": glimpse(secret, at=at), "next": at % len(secret) + 1 if at else 1}
        if getattr(request, "htmx", False):
            return render(request, "lifecycle/glimpse.html", {"card": card, **shown})
        return self.shown(card, label, shown)


class SecretChangeView(SecretsView):
    """Record the new PIN or password, after it was changed in the phone or at the carrier."""

    def get(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:  # type: ignore[override]
        """Ask for it."""
        return self.ask(request, self.card(pk), self.label(field))

    def post(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:
        """Store it; one that cannot be one is asked for again and never repeated.

        Where the sign-in is no longer fresh it is asked for again: allauth would keep what was posted in the session.
        """
        card, label = self.card(pk), self.label(field)
        if not is_fresh(request):
            return redirect("lifecycle:secret-change", pk=pk, field=field)
        return self.store(request, card, label, field)

    @method_decorator(freshly_signed_in)
    def ask(self, request: HttpRequest, card: Card, label: str) -> HttpResponse:
        """Ask somebody who has just signed in."""
        return self.shown(card, label, SecretForm())

    def store(self, request: HttpRequest, card: Card, label: str, field: str) -> HttpResponse:
        """Store what somebody who has just signed in gives."""
        form = SecretForm(request.POST)
        if not form.is_valid():
            return self.shown(card, label, form, status=422)
        given = {field: form.cleaned_data["new_secret"]}
        try:
            set_secrets(card_id=card.pk, secrets=given, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            form.add_error("new_secret", str(refusal.reasons[0].message))
            return self.shown(card, label, form, status=422)
        messages.success(request, _("The new one is stored."))
        return redirect("lifecycle:card-secrets", pk=card.pk)

    def shown(self, card: Card, label: str, form: Form, *, status: int = 200) -> HttpResponse:
        """Show the form."""
        context = {**self.frame(card), "label": label, "form": form, "is_change": True}
        return render(self.request, "lifecycle/reveal.html", context, status=status)


class SecretTryView(SecretsView):
    """Record that a PIN or PUK was typed, rightly or wrongly."""

    def get(self, _request: HttpRequest, pk: int, field: str) -> HttpResponse:  # type: ignore[override]
        """Lead to the page where it is recorded."""
        self.label(field)
        return redirect("lifecycle:card-secrets", pk=self.card(pk).pk)

    def post(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:
        """Record it."""
        card = self.card(pk)
        is_right = request.POST.get("answer") == "right"
        left = record_try(card_id=card.pk, field=field, is_right=is_right, actor=person(request), now=timezone.now())
        messages.success(request, _("Recorded. Wrong tries left: %(left)s.") % {"left": left})
        return redirect("lifecycle:card-secrets", pk=card.pk)


def _rows(known: SecretFacts, today: date) -> Iterator[SecretRow]:
    for field, label in FIELDS.items():
        yield SecretRow(field, str(label), field in known.stored, _remark(field, known, today), field in TRIES)


def _remark(field: str, known: SecretFacts, today: date) -> str:
    if field in TRIES and getattr(known, TRIES_LEFT[field]) < TRIES[field]:
        return _("{left} of {full} tries left").format(left=getattr(known, TRIES_LEFT[field]), full=TRIES[field])
    if field == "service_password" and known.changed_at:
        return _("changed {days} days ago").format(days=(today - business_day(known.changed_at)).days)
    return ""

"""The card page and what is done from it."""

from dataclasses import dataclass
from datetime import date

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cards.models import Card
from cards.selectors.secrets import SecretFacts, secret_facts
from cards.services.secrets import reveal
from lifecycle.forms.handout import RevealForm, TransitionForm
from lifecycle.selectors.card import card_page, holder_on
from lifecycle.services.states import correct_state, record_state
from lifecycle.views.access import OfficeView, person
from lifecycle.views.risk import trend_chart

SECRET_FIELDS = (
    ("pin1", "PIN1"),
    ("puk1", "PUK1"),
    ("pin2", "PIN2"),
    ("puk2", "PUK2"),
    ("service_password", gettext_lazy("Service password")),
)

TRIES = {"pin1": "pin_tries_left", "puk1": "puk_tries_left"}
FULL_TRIES = {"pin1": 3, "puk1": 10}


@dataclass(frozen=True)
class SecretRow:
    """A secret as the page speaks of it: never its value."""

    field: str
    label: str
    is_stored: bool
    remark: str


class CardView(OfficeView):
    """One card: what it is, why it is at risk, what is done today."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the card."""
        card = self.card_or_404(pk)
        page = card_page(card, today=business_day(timezone.now()))
        may_reveal = person(request).has_perm("cards.reveal_secret")
        context = {
            "card": card,
            "page": page,
            "trend": trend_chart(page.trend),
            "secrets": _secrets(card) if may_reveal else (),
            "list_address": request.GET.get("list"),
        }
        return render(request, "lifecycle/card.html", context)


class HolderOnView(OfficeView):
    """Who held a card on a day."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the holders of the day asked for."""
        card = self.card_or_404(pk)
        try:
            day = parse_date(request.GET.get("day", ""))
        except ValueError:
            day = None
        context = {"day": day, "held": holder_on(card, day) if day else []}
        return render(request, "lifecycle/holder_on.html", context)


class TransitionView(OfficeView):
    """Record what became of a card at its carrier."""

    permission_required = "cards.change_service_state"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the new state."""
        card = self.card_or_404(pk)
        return render(request, "lifecycle/transition.html", {"card": card, "form": TransitionForm(card=card)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it, or say what stands against it and keep what was entered."""
        card = self.card_or_404(pk)
        form = TransitionForm(request.POST, card=card)
        refusal = None
        if form.is_valid():
            given, now = form.cleaned_data, timezone.now()
            try:
                record_state(
                    card_id=card.pk,
                    to=given["to"],
                    reason=given["reason"],
                    source=given["source"],
                    at=given["at"] or now,
                    actor=person(request),
                    now=now,
                    note=given["note"],
                )
            except Refusal as error:
                refusal = error
            else:
                messages.success(request, _("The new state is recorded."))
                return redirect("lifecycle:card", pk=card.pk)
        context = {"card": card, "form": form, "refusal": refusal}
        return render(request, "lifecycle/transition.html", context, status=409 if refusal else 422)


class CorrectView(OfficeView):
    """Take back a state that was recorded by mistake."""

    permission_required = "cards.correct_state"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back; a refusal is shown as a page of its own."""
        card = self.card_or_404(pk)
        correct_state(card_id=card.pk, reason=request.POST.get("reason", ""), actor=person(request), now=timezone.now())
        messages.success(request, _("The state is taken back."))
        return redirect("lifecycle:card", pk=card.pk)


@method_decorator(never_cache, name="dispatch")
class RevealView(OfficeView):
    """Show one secret once, to somebody who has just signed in again and says why (R24).

    Who may not see it, or not this card, is told so before a password is asked for.
    """

    permission_required = "cards.reveal_secret"

    def get(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:
        """Ask for the reason."""
        return self.ask(request, self.card_or_404(pk), self.label(field))

    def post(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:
        """Show the secret."""
        return self.show(request, self.card_or_404(pk), self.label(field), field)

    @method_decorator(reauthentication_required)
    def ask(self, request: HttpRequest, card: Card, label: str) -> HttpResponse:
        """Ask somebody who has just signed in for the reason."""
        return render(request, "lifecycle/reveal.html", {"card": card, "label": label, "form": RevealForm()})

    @method_decorator(reauthentication_required)
    def show(self, request: HttpRequest, card: Card, label: str, field: str) -> HttpResponse:
        """Show the secret to somebody who has just signed in and says why."""
        form = RevealForm(request.POST)
        context = {"card": card, "label": label, "form": form}
        if not form.is_valid():
            return render(request, "lifecycle/reveal.html", context, status=422)
        reason = form.cleaned_data["reason"]
        secret = reveal(card=card, field=field, actor=person(request), reason=reason, now=timezone.now())
        return render(request, "lifecycle/reveal.html", {**context, "secret": secret})

    def label(self, field: str) -> str:
        """Return what a secret is called; Http404 for one there is not."""
        labels = dict(SECRET_FIELDS)
        if field not in labels:
            raise Http404
        return str(labels[field])


def _secrets(card: Card) -> list[SecretRow]:
    known, today = secret_facts(card), business_day(timezone.now())
    return [
        SecretRow(field, str(label), field in known.stored, _remark(field, known, today))
        for field, label in SECRET_FIELDS
    ]


def _remark(field: str, known: SecretFacts, today: date) -> str:
    if field in TRIES and getattr(known, TRIES[field]) < FULL_TRIES[field]:
        return _("{left} of {full} tries left").format(left=getattr(known, TRIES[field]), full=FULL_TRIES[field])
    if field == "service_password" and known.changed_at:
        return _("changed {days} days ago").format(days=(today - business_day(known.changed_at)).days)
    return ""

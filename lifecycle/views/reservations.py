"""Cards kept for an agent or a team (R11)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from agents.models import Agent, Reservation
from agents.querysets import ReservationQuerySet
from agents.services.reservations import Keeping, cancel_reservation, reserve_cards
from cardfleet.accounts.models import Team
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from lifecycle.forms.sharing import ReservationForm
from lifecycle.views.access import person
from lifecycle.views.handout import DeskView

SHOWN = 200


class ReservationDesk(DeskView):
    """What both pages share."""

    def reservations(self) -> ReservationQuerySet:
        """Return the reservations in scope."""
        return Reservation.objects.visible_to(person(self.request))


class ReservationsView(ReservationDesk):
    """What is kept for whom, and the form for more."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page(self.form(initial={"starts_on": business_day(timezone.now()), **self.asked()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Reserve cards, or say what stands against it."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        given = dict(form.cleaned_data)
        cards, count = given.pop("cards"), given.pop("count") or 0
        try:
            kept = reserve_cards(
                keeping=Keeping(**given),
                cards=self.cards(),
                card_ids=[card.pk for card in cards],
                count=count,
                actor=person(request),
                now=timezone.now(),
            )
        except Refusal as refusal:
            return self.page(form, status=refusal.status, refusal=refusal)
        said = ngettext("%(count)s card is reserved.", "%(count)s cards are reserved.", len(kept))
        messages.success(request, said % {"count": len(kept)})
        return redirect("lifecycle:reservations")

    def asked(self) -> dict[str, str]:
        """Return the card the address names, for the form."""
        named = self.named()
        return {"cards": named["card"]} if named else {}

    def form(self, *args: Any, **kwargs: Any) -> ReservationForm:
        """Return the form over the person's scope."""
        who = person(self.request)
        agents = Agent.objects.visible_to(who).select_related("user__team")
        return ReservationForm(*args, cards=self.cards(), agents=agents, teams=Team.objects.visible_to(who), **kwargs)

    def page(self, form: ReservationForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page."""
        standing = self.reservations().standing(business_day(timezone.now()))
        related = ("card__carrier", "agent__user", "team", "made_by")
        context |= {"form": form, "reserved": standing.select_related(*related).order_by("starts_on", "pk")[:SHOWN]}
        return render(self.request, "lifecycle/reservations.html", context, status=status)


class CancelView(ReservationDesk):
    """Let a card go again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel the reservation; a refusal is a page of its own."""
        cancel_reservation(
            reservation_id=pk, reservations=self.reservations(), actor=person(request), now=timezone.now()
        )
        return redirect("lifecycle:reservations")

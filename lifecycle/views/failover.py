"""A spare in the place of a stopped card: the ranked spares, one press; and how many spares there are (R47, R55)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.rules.gates import parse_gates
from cardfleet.kernel.errors import Refusal
from cards.choices import CustodyState, StopReason
from cards.models import Card
from lifecycle.forms.failover import SwitchForm
from lifecycle.models import CardSwitch
from lifecycle.selectors.failover import spares_for, standing_of
from lifecycle.selectors.standby import pool
from lifecycle.services.failover import switch_to_standby
from lifecycle.views.access import OfficeView, person

SHOWN = 20
BESIDE_A_CASE, ALL = ":3", ":"


class FailoverView(OfficeView):
    """Let a spare take the place of a card."""

    permission_required = "lifecycle.switch_card"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show the spares, the best first; with `part` only the part for the page of a case."""
        card = self.card_or_404(pk)
        return self.page(card, SwitchForm(initial={"old_goes_to": self.likely_place(card)}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the switch, or say what stands against it."""
        card = self.card_or_404(pk)
        form = SwitchForm(request.POST)
        if not form.is_valid() or not form.cleaned_data["standby"]:
            return self.page(card, form, status=422)
        given = form.cleaned_data
        try:
            done = switch_to_standby(
                card_id=card.pk,
                standby_id=given["standby"],
                actor=person(request),
                now=timezone.now(),
                gates=parse_gates(settings.GATES),
                old_goes_to=given["old_goes_to"],
                since=given["since"],
                note=given["note"],
                cards=self.cards(),
            )
        except Refusal as refusal:
            return self.page(card, form, status=refusal.status, refusal=refusal)
        switch = done.switch
        said = _("%(new)s takes the place of %(old)s. Lost: %(count)s minutes.")
        values = {"new": switch.new_card, "old": switch.old_card, "count": switch.minutes_lost}
        messages.success(request, said % values)
        return redirect("lifecycle:number-notice", switch.notice.pk)

    def page(self, card: Card, form: SwitchForm, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Return the page, or the part, around a form."""
        who, now = person(self.request), timezone.now()
        standing = standing_of(card, actor=who, now=now)
        gates, part = parse_gates(settings.GATES), "part" in self.request.GET
        context = {
            "card": card,
            "standing": standing,
            "spares": None if standing.unmet else spares_for(standing, user=who, now=now, gates=gates),
            "most": BESIDE_A_CASE if part else ALL,
            "done": CardSwitch.objects.filter(old_card=card).select_related("new_card", "notice").first(),
            "form": form,
            **shown,
        }
        name = "lifecycle/failover_part.html" if part else "lifecycle/failover.html"
        return render(self.request, name, context, status=status)

    def likely_place(self, card: Card) -> str:
        """Return where the old card most likely goes."""
        if card.stop_reason == StopReason.CARD_FAULT or card.custody_state == CustodyState.FAULTY:
            return CustodyState.FAULTY
        return CustodyState.MISSING if card.custody_state == CustodyState.MISSING else CustodyState.RETURN_DUE


class StandbyView(OfficeView):
    """How many spares are ready, by carrier and team, and the last switches."""

    permission_required = "lifecycle.view_cardswitch"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the pool."""
        related = ("old_card", "new_card", "agent__user", "by", "notice")
        switches = CardSwitch.objects.visible_to(person(request)).select_related(*related)
        context = {"pool": pool(self.cards(), now=timezone.now()), "switches": switches[:SHOWN]}
        return render(request, "lifecycle/standby.html", context)

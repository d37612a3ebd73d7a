"""The details of a card as its holder confirms them, and the office that puts right what was wrong (R14)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.choices import Detail
from agents.forms import ConfirmationForm
from agents.models import Assignment, CardConfirmation
from agents.rules.confirmations import period_of
from agents.services.confirmations import confirm_card, settle_confirmation
from agents.views.access import AgentsView
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal

RELATED = ("card__carrier", "card__plan", "card__registrant", "card__actual_user", "agent__user__team")


class ConfirmView(AgentsView):
    """The details of one card in own hands."""

    permission_required = "agents.add_cardconfirmation"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show them, with what was said this quarter."""
        held = self.held(pk)
        said = CardConfirmation.objects.filter(
            card=pk, agent=held.agent, period=period_of(business_day(timezone.now()))
        ).first()
        initial = {"wrong": said.wrong, "note": said.note} if said else {}
        return self.shown(held, ConfirmationForm(initial=initial), said=said)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record what is said."""
        held, form = self.held(pk), ConfirmationForm(request.POST)
        if not form.is_valid():
            return self.shown(held, form, status=422)
        try:
            confirm_card(card_id=pk, **form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            return self.shown(held, form, refusal=refusal, status=refusal.status)
        messages.success(request, _("Thank you. Your supervisor puts right what is wrong."))
        return redirect("lifecycle:my")

    def held(self, pk: int) -> Assignment:
        """Return the person's own hand-out of the card; another card is as if it were not."""
        mine = Assignment.objects.open().filter(card=pk, agent__user=self.person, accepted_at__isnull=False)
        held = mine.select_related(*RELATED).first()
        if held is None:
            raise Http404
        return held

    def shown(self, held: Assignment, form: ConfirmationForm, *, status: int = 200, **context: object) -> HttpResponse:
        """Show the page."""
        card = held.card
        details = [
            (Detail.NUMBER, card.msisdn),
            (Detail.CARRIER, card.carrier),
            (Detail.PLAN, card.plan or "—"),
            (Detail.USER, card.actual_user or "—"),
            (Detail.TEAM, held.agent.user.team or "—"),
            (Detail.PURPOSE, card.get_purpose_display()),
            (Detail.CONDITION, card.get_condition_display()),
            (Detail.DEVICE, f"IMEI …{card.device_imei[-4:]}" if card.device_imei else "—"),
        ]
        whole = {"card": card, "details": details, "form": form, **context}
        return render(self.request, "agents/confirm.html", whole, status=status)


class SettleView(AgentsView):
    """Say that what a holder found wrong is put right."""

    permission_required = "agents.change_cardconfirmation"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Settle it."""
        said = get_object_or_404(CardConfirmation.objects.visible_to(self.person), pk=pk)
        settle_confirmation(confirmation_id=said.pk, actor=self.person, now=timezone.now())
        messages.success(request, _("Put right."))
        return redirect("lifecycle:data-quality")

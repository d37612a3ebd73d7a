"""A card that nobody holds, given to another team from its page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cards.errors import ChangeRefused
from cards.models import Card
from cards.services.team_moves import move_to_teams
from lifecycle.forms.card import TeamForm
from lifecycle.views.access import OfficeView, person


class CardTeamView(OfficeView):
    """Ask for the team, and move the card."""

    permission_required = "cards.change_card"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        return self.page(self.card_or_404(pk), TeamForm(person=person(request)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move it, or say why it stays."""
        card, form = self.card_or_404(pk), TeamForm(request.POST, person=person(request))
        if not form.is_valid():
            return self.page(card, form, status=422)
        team = form.cleaned_data["team"]
        reason = form.cleaned_data["reason"]
        moved = move_to_teams(teams={pk: team}, reason=reason, actor=person(request), now=timezone.now())
        if moved.refused:
            refusal = ChangeRefused(reasons=list(moved.refused.values()))
            return self.page(card, form, status=refusal.status, refusal=refusal)
        messages.success(request, _("%(card)s is with %(team)s now.") % {"card": card, "team": team})
        return redirect("lifecycle:card", pk=pk)

    def page(
        self, card: Card, form: TeamForm, *, status: int = 200, refusal: ChangeRefused | None = None
    ) -> HttpResponse:
        """Return the page around the form."""
        context = {"card": card, "form": form, "refusal": refusal}
        return render(self.request, "lifecycle/card_team.html", context, status=status)

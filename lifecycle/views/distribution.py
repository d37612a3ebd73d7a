"""Cards shared out over a team by need: a plan to look at, one press, and undo (R11)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import Agent, Assignment, Handover
from agents.rules.gates import parse_gates
from cardfleet.accounts.models import Team
from cards.models import Card
from lifecycle.forms.sharing import DistributionForm
from lifecycle.selectors.distribution import plan_distribution
from lifecycle.services.handout import Given, distribute, undo_act
from lifecycle.views.access import person
from lifecycle.views.handout import DeskView


class DistributeView(DeskView):
    """Plan, look, hand out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for team and number, or show the plan."""
        if "team" not in request.GET:
            return self.page(form=self.form())
        form = self.form(request.GET)
        if not form.is_valid():
            return self.page(form=form, status=422)
        given = form.cleaned_data
        plan = plan_distribution(
            team=given["team"],
            count=given["count"],
            planned=given["planned"],
            user=person(request),
            now=timezone.now(),
            gates=parse_gates(settings.GATES),
        )
        return self.page(form=form, plan=plan, due_back_on=given["due_back_on"])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Hand out just what the plan showed; what a gate refuses by now is told, card by card."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422)
        acts = distribute(
            pairs=pairs_of(request.POST.getlist("pair")),
            due_back_on=form.cleaned_data["due_back_on"],
            actor=person(request),
            now=timezone.now(),
            gates=parse_gates(settings.GATES),
            cards=self.cards(),
            agents=Agent.objects.visible_to(person(request)),
        )
        return self.page(form=form, **self.told(acts))

    def form(self, *args: Any) -> DistributionForm:
        """Return the form over the person's teams."""
        return DistributionForm(*args, teams=Team.objects.visible_to(person(self.request)))

    def told(self, acts: dict[int, Given]) -> dict[str, Any]:
        """Return what became of each agent's cards, for the page."""
        agents = Agent.objects.select_related("user__team").in_bulk(acts)
        cards = Card.objects.in_bulk([row.card_id for given in acts.values() for row in given.rows])
        refused = [
            (cards.get(row.card_id), agents[pk], row.refusal)
            for pk, given in acts.items()
            for row in given.rows
            if row.refusal
        ]
        return {
            "done": [(agents[pk], given) for pk, given in acts.items()],
            "refused": refused,
            "count": sum(given.count for given in acts.values()),
            "act": next((given.receipt.act for given in acts.values() if given.receipt), None),
        }

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page at one of its steps."""
        return render(self.request, "lifecycle/distribute.html", context, status=status)


class UndoActView(DeskView):
    """Undo all hand-outs of one act."""

    def post(self, request: HttpRequest, act: UUID) -> HttpResponse:
        """Undo those that still can be; say how many could not."""
        who = person(request)
        if not Handover.objects.visible_to(who).filter(act=act).exists():
            raise Http404
        rows = undo_act(
            act=act,
            assignments=Assignment.objects.visible_to(who),
            reason=request.POST.get("reason", ""),
            actor=who,
            now=timezone.now(),
        )
        undone = [row for row in rows if row.refusal is None]
        said = _("%(count)s of %(total)s hand-outs are undone.")
        messages.success(request, said % {"count": len(undone), "total": len(rows)})
        for row in rows:
            if row.refusal:
                messages.warning(request, str(row.refusal))
        return redirect("lifecycle:issue")


def pairs_of(texts: list[str]) -> list[tuple[int, int]]:
    """Return the pairs of card and agent that the plan showed, such as `17:4`; anything else is left out."""
    parts = [text.partition(":") for text in texts]
    return [(int(card), int(agent)) for card, _colon, agent in parts if card.isdecimal() and agent.isdecimal()]

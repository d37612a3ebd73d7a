"""Hand-out and return at the desk."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from agents.models import Agent, Assignment
from agents.rules.gates import parse_gates
from agents.services.acceptances import remind_to_accept
from agents.services.returns import set_return_day
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, Refusal
from cards.choices import CustodyState
from cards.models import Card
from lifecycle.forms.handout import IssueForm, ReturnDayForm, ReturnForm
from lifecycle.services.allocation import take_back, undo_hand_out
from lifecycle.services.handout import Wanted, hand_one
from lifecycle.views.access import OfficeView, person

RECENT = 15
DUE = 100
SUGGESTIONS = 10
LIKELY = 8


class DeskView(OfficeView):
    """A page of the desk where cards go out and come back."""

    permission_required = "agents.issue_card"

    def recent(self) -> list[Assignment]:
        """Return the last hand-overs in scope; ids grow as they are recorded, and have the index."""
        found = Assignment.objects.visible_to(person(self.request)).standing()
        return list(found.select_related("card__carrier", "agent__user", "handed_by").order_by("-pk")[:RECENT])

    def named(self) -> dict[str, str]:
        """Return the card the address names, for the form."""
        pk = self.request.GET.get("card", "")
        card = self.cards().filter(pk=int(pk)).first() if pk.isdigit() else None
        return {"card": card.iccid} if card else {}


class IssueView(DeskView):
    """Hand a card to an agent."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask who gets which card; of a named card, offer who is likely to need it."""
        named = self.named()
        form = self.form(initial={**named, "agent": request.GET.get("agent", "")})
        return self.page(form, likely=self.likely(named["card"]) if named else [])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Hand it out, or list each unmet condition with what clears it."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        given = form.cleaned_data
        try:
            issued = hand_one(
                wanted=Wanted(
                    card_ids=[given["card"].pk],
                    agent_id=given["agent"].pk,
                    due_back_on=given["due_back_on"],
                    note=given["note"],
                    started_at=given["started_at"],
                ),
                actor=person(request),
                now=timezone.now(),
                gates=parse_gates(settings.GATES),
            )
        except Refusal as refusal:
            title = _("%(card)s cannot go to %(agent)s") % {"card": given["card"], "agent": given["agent"]}
            return self.page(form, status=refusal.status, refusal=refusal, refusal_title=title)
        for warning in issued.warnings:
            messages.warning(request, str(warning.message))
        said = _("%(card)s is handed to %(agent)s, who now accepts it.")
        messages.success(request, said % {"card": given["card"], "agent": given["agent"]})
        return redirect("lifecycle:issue")

    def likely(self, iccid: str) -> list[Agent]:
        """Return the agents of a card's team who hold the fewest cards; of all in scope where it is in no team."""
        team = self.cards().get(iccid=iccid).team
        found = Agent.objects.visible_to(person(self.request)).active()
        found = found.filter(user__team=team) if team else found
        return list(found.select_related("user").with_open_cards().order_by(F("open_cards"), "user__staff_no")[:LIKELY])

    def form(self, *args: Any, **kwargs: Any) -> IssueForm:
        """Return the form over the person's scope."""
        agents = Agent.objects.visible_to(person(self.request)).select_related("user__team")
        return IssueForm(*args, cards=self.cards(), agents=agents, **kwargs)

    def page(self, form: IssueForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page around a form."""
        context |= {"form": form, "recent": self.recent(), "met": self.met(context.get("refusal"))}
        return render(self.request, "lifecycle/issue.html", context, status=status)

    def met(self, refusal: Refusal | None) -> list[str]:
        """Return which conditions are met, where a refusal names those that are not."""
        return [str(text) for text in refusal.context.get("met", ())] if refusal else []


class SuggestView(DeskView):
    """Suggestions under a field of the desk: cards in stock, or agents, that match what is typed."""

    def get(self, request: HttpRequest, what: str) -> HttpResponse:
        """Return options for the field's list."""
        typed = request.GET.get(what, "")
        if what == "agent":
            found = Agent.objects.visible_to(person(request)).active().matching(typed).select_related("user__team")
            options = [(item.user.staff_no, f"{item.user.name} · {item.user.team}") for item in found[:SUGGESTIONS]]
        else:
            stock = self.cards().filter(custody_state__in=[CustodyState.IN_STOCK, CustodyState.SPARE])
            found_cards: list[Card] = list(stock.matching(typed).select_related("carrier")[:SUGGESTIONS])
            options = [(card.iccid, f"{card.masked_msisdn} · {card.carrier}") for card in found_cards]
        return render(request, "lifecycle/suggestions.html", {"options": options if typed else []})


class ReturnView(DeskView):
    """Take a card back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask which card comes back."""
        return self.page(ReturnForm(cards=self.cards(), initial=self.named()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take it back, or say what stands against it."""
        form = ReturnForm(request.POST, cards=self.cards())
        if not form.is_valid():
            return self.page(form, status=422)
        given = form.cleaned_data
        try:
            take_back(
                card_id=given["card"].pk,
                actor=person(request),
                now=timezone.now(),
                to=given["to"],
                condition=given["condition"],
                note=given["note"],
                ended_at=given["ended_at"],
            )
        except Refusal as refusal:
            return self.page(form, status=refusal.status, refusal=refusal)
        messages.success(request, _("%(card)s is back.") % {"card": given["card"]})
        return redirect("lifecycle:return")

    def page(self, form: ReturnForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page around a form."""
        context |= {"form": form, "recent": self.recent(), "due": self.due(), "today": business_day(timezone.now())}
        return render(self.request, "lifecycle/return.html", context, status=status)

    def due(self) -> list[Assignment]:
        """Return the cards that are to come back today or were before, the latest first."""
        found = Assignment.objects.visible_to(person(self.request)).returns_due(business_day(timezone.now()))
        related = ("card__carrier", "agent__user")
        return list(found.select_related(*related).order_by(F("due_back_on").asc(nulls_last=True), "pk")[:DUE])


class ReturnDayView(DeskView):
    """Say on which day a card is to come back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move the day; a refusal is shown as a page of its own."""
        form = ReturnDayForm(request.POST)
        if not form.is_valid():
            raise BadInput(message=" ".join(str(error) for error in form.errors["due_back_on"]))
        set_return_day(
            assignment_id=pk,
            due_back_on=form.cleaned_data["due_back_on"],
            assignments=Assignment.objects.visible_to(person(request)),
            actor=person(request),
            now=timezone.now(),
        )
        messages.success(request, _("The expected return is changed."))
        return redirect("lifecycle:return")


class RemindView(DeskView):
    """Remind an agent of the cards they did not sign for."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remind; the board stays where it is and says so."""
        agent = remind_to_accept(
            assignment_id=pk,
            assignments=Assignment.objects.visible_to(person(request)),
            actor=person(request),
            now=timezone.now(),
        )
        said = _("%(agent)s is reminded to accept.") % {"agent": agent}
        if request.headers.get("HX-Request"):
            return trigger_client_event(HttpResponse(status=204), "toast", {"text": said, "level": "success"})
        messages.success(request, said)
        return redirect("lifecycle:board")


class UndoView(DeskView):
    """Undo a mistaken hand-out."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo it; a refusal is shown as a page of its own."""
        visible = Assignment.objects.visible_to(person(request)).filter(pk=pk).values_list("pk", flat=True)
        undo_hand_out(
            assignment_id=visible.first() or 0,
            reason=request.POST.get("reason", ""),
            actor=person(request),
            now=timezone.now(),
        )
        messages.success(request, _("The hand-out is undone."))
        return redirect("lifecycle:issue")

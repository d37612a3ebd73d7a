"""Handing out by scanning: the holder is chosen once, each scan is answered at once, one press hands all out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.choices import HandoverKind, RequestState
from agents.models import Agent, CardRequest
from agents.querysets import AgentQuerySet
from agents.rules.gates import parse_gates
from cardfleet.kernel.errors import Reason, Refusal, Text
from cards.choices import Condition
from cards.models import Card
from lifecycle.forms.handout import HolderForm, ScanForm, TermsForm
from lifecycle.selectors.blocking import verdict_beforehand
from lifecycle.services.handout import Given, Wanted, hand_out
from lifecycle.views.access import person
from lifecycle.views.handout import DeskView

READY, REFUSED, HANDED = "ready", "refused", "handed"


@dataclass(frozen=True, kw_only=True)
class ScanRow:
    """One line of the growing list: what was scanned, the card where one was found, and what stands against it."""

    state: str
    text: str = ""
    card: Card | None = None
    reasons: Sequence[Reason] = field(default_factory=tuple)
    warnings: Sequence[Reason] = field(default_factory=tuple)
    message: Text = ""


class ScanView(DeskView):
    """Choose the holder once, then scan or type cards, then hand all of them out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the holder, or with the holder for cards."""
        asked = self.request_of(request.GET)
        if asked:
            return self.page(agent=asked.agent, terms=TermsForm(initial={"due_back_on": asked.needed_until}))
        if "agent" not in request.GET:
            return self.page(holder=HolderForm(agents=self.agents()))
        form = HolderForm(request.GET, agents=self.agents())
        if not form.is_valid():
            return self.page(holder=form, status=422)
        return self.page(agent=form.cleaned_data["agent"], terms=TermsForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Hand all out, and tell of each card what became of it; refused ones stay in the list with the reason."""
        agent = self.agents().filter(pk=_number(request.POST.get("agent", ""))).first()
        if agent is None:
            return self.page(holder=HolderForm(agents=self.agents()), status=422)
        form, ids = TermsForm(request.POST), chosen(request.POST)
        if not form.is_valid():
            return self.page(agent=agent, terms=form, rows=self.ready(ids), status=422)
        asked = self.request_of(request.POST)
        wanted = Wanted(
            card_ids=ids,
            agent_id=agent.pk,
            kind=kind_of(request.POST),
            conditions=conditions(request.POST, self.in_order(ids)),
            request_id=asked.pk if asked else None,
            **form.cleaned_data,
        )
        try:
            given = hand_out(
                wanted=wanted,
                actor=person(request),
                now=timezone.now(),
                gates=parse_gates(settings.GATES),
                cards=self.cards(),
                agents=self.agents(),
            )
        except Refusal as refusal:
            rows = self.ready(ids)
            return self.page(agent=agent, terms=form, rows=rows, refusal=refusal, status=refusal.status)
        return self.page(agent=agent, terms=form, rows=self.told(given), given=given)

    def agents(self) -> AgentQuerySet:
        """Return the agents who may be named."""
        return Agent.objects.visible_to(person(self.request)).select_related("user__team")

    def request_of(self, given: QueryDict) -> CardRequest | None:
        """Return the approved request that is being answered, where one in scope is named."""
        found = CardRequest.objects.visible_to(person(self.request)).filter(state=RequestState.APPROVED)
        return found.select_related("agent__user__team").filter(pk=_number(given.get("request", ""))).first()

    def in_order(self, ids: Sequence[int]) -> list[Card]:
        """Return the cards in scope, in the order they were scanned."""
        found = self.cards().select_related("carrier").in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def ready(self, ids: Sequence[int]) -> list[ScanRow]:
        """Return rows of cards that are still to be handed out, as a page that was refused shows them."""
        return [ScanRow(state=READY, card=card) for card in self.in_order(ids)]

    def told(self, given: Given) -> list[ScanRow]:
        """Return what became of each card."""
        cards = Card.objects.select_related("carrier").in_bulk([row.card_id for row in given.rows])
        return [
            ScanRow(
                state=REFUSED if row.refusal else HANDED,
                card=cards.get(row.card_id),
                reasons=row.refusal.reasons if row.refusal else (),
                message=row.refusal.message if row.refusal else "",
                warnings=row.warnings,
            )
            for row in given.rows
        ]

    def page(self, *, status: int = 200, rows: Iterable[ScanRow] = (), **context: Any) -> HttpResponse:
        """Return the page at one of its steps."""
        given = self.request.POST or self.request.GET
        context |= {"rows": rows, "kind": kind_of(given), "asked": self.request_of(given)}
        context["conditions"] = Condition.choices
        return render(self.request, "lifecycle/scan.html", context, status=status)


class ScannedView(ScanView):
    """One scan."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer with the row of the card, or with why it is none; the list keeps what it has."""
        cards = self.cards().select_related("carrier", "contract", "registrant")
        form = ScanForm(request.POST, cards=cards, agents=self.agents())
        row = self.judged(form) if form.is_valid() else self.unknown(form)
        return render(request, "lifecycle/scan_row.html", {"row": row, "conditions": Condition.choices})

    def judged(self, form: ScanForm) -> ScanRow:
        """Return what the gates say to the card now."""
        given = form.cleaned_data
        card, text = given["scanned"], str(form.data.get("scanned", ""))
        if card.pk in chosen(self.request.POST):
            return ScanRow(state=REFUSED, text=text, card=card, message=_("This card is in the list already."))
        verdict = verdict_beforehand(
            card,
            given["agent"],
            actor=person(self.request),
            now=timezone.now(),
            gates=parse_gates(settings.GATES),
            until=given["due_back_on"],
            passing_on=given["kind"] == HandoverKind.TRANSFER,
        )
        state = REFUSED if verdict.unmet else READY
        return ScanRow(state=state, text=text, card=card, reasons=verdict.unmet, warnings=verdict.warned)

    def unknown(self, form: ScanForm) -> ScanRow:
        """Return why no card was found."""
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return ScanRow(state=REFUSED, text=str(form.data.get("scanned", ""))[:64], message=message)


def chosen(given: QueryDict) -> list[int]:
    """Return the ids of the cards in the list, each once, in the order they were scanned."""
    return list(dict.fromkeys(int(text) for text in given.getlist("card") if text.isascii() and text.isdigit()))


def conditions(given: QueryDict, cards: Iterable[Card]) -> dict[int, str]:
    """Return the condition of each card that is not in the one on record."""
    said = {card.pk: given.get(f"condition_{card.pk}", "") for card in cards}
    return {
        card.pk: said[card.pk]
        for card in cards
        if said[card.pk] in Condition.values and said[card.pk] != card.condition
    }


def kind_of(given: QueryDict) -> str:
    """Return whether cards come out of stock or from other hands."""
    text = given.get("kind", "")
    return text if text in HandoverKind.values else HandoverKind.HANDOUT


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0

"""Handing out and taking back many cards: each by the service of one card, with all of its gates."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.forms import AgentNameField, DayInput
from agents.models import Agent, Assignment
from agents.rules.gates import parse_gates
from agents.services.assignments import RETURN_PLACES
from cards.choices import Condition, CustodyState
from lifecycle.bulk.registry import Asked, BulkAction, BulkForm, Outcomes, one_by_one, register
from lifecycle.errors import ChangedSince
from lifecycle.services.allocation import issue_card, take_back, undo_hand_out
from lifecycle.services.handout import tell_handed


class AgentField(AgentNameField):
    """An agent as people name one, or, as a number and not a text, by id."""

    takes_ids = True

    def clean(self, value: Any) -> Agent | None:
        """Return the agent."""
        if not isinstance(value, int):
            return super().clean(value)
        found = self.agents.filter(pk=value).first()
        if found is None:
            raise forms.ValidationError(_("No agent in your scope matches this."), code="unknown_agent")
        return found


class IssueForm(BulkForm):
    """Who gets the cards."""

    agent = AgentField(label=gettext_lazy("Agent"), help_text=gettext_lazy("Staff number, name or pinyin initials."))
    due_back_on = forms.DateField(label=gettext_lazy("Due back on"), required=False, widget=DayInput)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)

    def offer(self) -> None:
        """Offer the agents in scope."""
        agent = self.fields["agent"]
        agent.agents = Agent.objects.visible_to(self.person).select_related("user__team")  # type: ignore[attr-defined]
        agent.widget.attrs |= {"list": "agent-options", "autocomplete": "off"}


class ReturnForm(BulkForm):
    """Where the cards go, and how they are."""

    to = forms.ChoiceField(
        label=gettext_lazy("Goes to"),
        choices=[(place.value, place.label) for place in map(CustodyState, RETURN_PLACES)],
    )
    condition = forms.ChoiceField(label=gettext_lazy("Condition"), choices=Condition.choices)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)


def issue_cards(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Hand each card to the agent."""
    gates = parse_gates(settings.GATES)

    def issue_one(card_id: int) -> dict[str, Any]:
        issued = issue_card(
            card_id=card_id,
            agent_id=asked.given["agent"].pk,
            actor=asked.actor,
            now=asked.now,
            gates=gates,
            due_back_on=asked.given["due_back_on"],
            note=asked.given["note"],
        )
        return {"assignment": issued.assignment.pk}

    return one_by_one(card_ids, issue_one)


def tell_agents(card_ids: Collection[int], asked: Asked) -> None:
    """Tell each agent once of what the job handed to them, as the desk does."""
    tell_handed(card_ids=card_ids, key=f"handover:job:{asked.job.pk}", actor=asked.actor, now=asked.now)


def take_hand_outs_back(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Undo each hand-out that still stands: it never happened."""

    def undo_one(card_id: int) -> dict[str, Any]:
        undo_hand_out(
            assignment_id=left[card_id]["assignment"], reason=_("Bulk job undone"), actor=asked.actor, now=asked.now
        )
        return {}

    return one_by_one(list(left), undo_one)


def return_cards(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Take each card back from its holder."""

    def return_one(card_id: int) -> dict[str, Any]:
        returned = take_back(card_id=card_id, actor=asked.actor, now=asked.now, **asked.given)
        return {"assignment": returned.pk, "to": asked.given["to"]}

    return one_by_one(card_ids, return_one)


def hand_out_again(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Hand each card that still lies where the job put it to the agent it came from, who accepts it anew."""
    gates = parse_gates(settings.GATES)
    last = Assignment.objects.standing().filter(card__in=left).order_by("card_id", "-pk").distinct("card_id")
    before = {assignment.card_id: assignment for assignment in last}
    places = dict(asked.cards.filter(pk__in=left).values_list("pk", "custody_state"))

    def issue_one(card_id: int) -> dict[str, Any]:
        one, returned = left[card_id], before[card_id]
        if returned.pk != one["assignment"] or places[card_id] != one["to"]:
            raise ChangedSince
        issue_card(
            card_id=card_id,
            agent_id=returned.agent_id,
            actor=asked.actor,
            now=asked.now,
            gates=gates,
            due_back_on=returned.due_back_on,
            note=_("Bulk job undone"),
        )
        return {}

    return one_by_one(list(left), issue_one)


register(
    BulkAction(
        name="issue",
        label=gettext_lazy("Hand out"),
        icon="arrows-exchange",
        right="agents.issue_card",
        form=IssueForm,
        perform=issue_cards,
        undo=take_hand_outs_back,
        tell=tell_agents,
        order=10,
    )
)
register(
    BulkAction(
        name="return",
        label=gettext_lazy("Take back"),
        icon="arrow-back-up",
        right="agents.issue_card",
        form=ReturnForm,
        perform=return_cards,
        undo=hand_out_again,
        tell_undone=tell_agents,
        note=gettext_lazy("Undone, the cards are handed to the same agents again, who accept them anew."),
        order=20,
    )
)

"""Letting the events of the timeline happen, through the services, each with the clock of its own day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from agents.models import Agent, Assignment
from agents.rules.gates import parse_gates
from agents.selectors.handout import PENALTY
from agents.services import agents
from agents.services.assignments import accept, issue, return_card
from cardfleet.accounts.models import User
from cards.choices import ChangeSource
from cards.models import Card
from cards.services.cards import edit_facts
from cards.services.custody import CustodyMove, change_custodies
from cards.services.states import StateReport, change_service_states
from lifecycle.demo.blueprint import AgentPlan, CardPlan
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.people import Staff
from lifecycle.demo.stock import write_cards_of
from lifecycle.demo.timeline import Event, Kind
from lifecycle.services.complaints import record_complaint

STRICT = parse_gates({})
CHANNELS = ("运营商转来", "12321 举报中心", "客户来电")


@dataclass(kw_only=True)
class History:
    """The fleet while its past unfolds: the cards by their place in the blueprint."""

    staff: Staff
    calendar: Calendar
    cards: dict[int, Card] = field(default_factory=dict)

    def unfold(self, events: Sequence[Event]) -> None:
        """Let the events happen, those of one day and kind together."""
        happen: Mapping[Kind, Callable[[list[Event]], None]] = {
            Kind.ARRIVE: self._arrive,
            Kind.RETURN: self._return,
            Kind.MOVE: self._move,
            Kind.STATE: self._report,
            Kind.ISSUE: self._issue,
            Kind.ACCEPT: self._accept,
            Kind.COMPLAIN: self._complain,
            Kind.HOLD: self._hold,
            Kind.LEAVE: self._leave,
        }
        for (_day, kind), together in groupby(events, key=lambda event: (event.at.date(), event.kind)):
            happen[kind](list(together))

    def _arrive(self, events: list[Event]) -> None:
        plans = [_card(event) for event in events]
        self.cards |= write_cards_of(plans, self.staff, self.calendar, events[-1].at)

    def _return(self, events: list[Event]) -> None:
        for event in events:
            return_card(card_id=self._pk(event), actor=self.staff.supervisor, now=event.at, to=event.to)

    def _move(self, events: list[Event]) -> None:
        now = events[-1].at
        known = Card.objects.select_related("holder", "team").in_bulk([self._pk(event) for event in events])
        moves = [
            CustodyMove(
                card_id=card.pk,
                to=event.to,
                holder=card.holder,
                team=card.team,
                at=event.at,
            )
            for event in events
            for card in (known[self._pk(event)],)
        ]
        change_custodies(moves=moves, actor=self.staff.supervisor, now=now)

    def _report(self, events: list[Event]) -> None:
        reports = [
            StateReport(card_id=self._pk(event), to=event.to, at=event.at, reason=event.reason) for event in events
        ]
        outcome = change_service_states(
            reports=reports, source=ChangeSource.CARRIER_SMS, actor=self.staff.supervisor, now=events[-1].at
        )
        if outcome.refused:
            raise ValueError(f"the demo's own state report was refused: {outcome.refused[0]}")

    def _issue(self, events: list[Event]) -> None:
        for event in events:
            agent = self.staff.agents[_agent(event).index]
            card_id, actor = self._pk(event), self._who_hands_out(agent)
            edit_facts(card_id=card_id, changes={"actual_user": agent.user}, actor=actor, now=event.at)
            issue(card_id=card_id, agent_id=agent.pk, actor=actor, now=event.at, gates=STRICT)

    def _who_hands_out(self, agent: Agent) -> User:
        """Compliance, where a card of the agent's was stopped as a penalty; else the supervisor."""
        penalised = Assignment.objects.filter(agent=agent, card__service_state__in=PENALTY).exists()
        return self.staff.compliance if penalised else self.staff.supervisor

    def _accept(self, events: list[Event]) -> None:
        for event in events:
            held = Assignment.objects.open().get(card=self._pk(event))
            accept(assignment_id=held.pk, actor=self.staff.agents[_agent(event).index].user, now=event.at)

    def _complain(self, events: list[Event]) -> None:
        for event in events:
            record_complaint(
                card_id=self._pk(event),
                received_at=event.at,
                channel=CHANNELS[_card(event).index % len(CHANNELS)],
                actor=self.staff.compliance,
                now=event.at,
            )

    def _hold(self, events: list[Event]) -> None:
        for event in events:
            agent = self.staff.agents[_agent(event).index]
            agents.hold(agent_id=agent.pk, reason=event.reason, actor=self.staff.compliance, now=event.at)

    def _leave(self, events: list[Event]) -> None:
        for event in events:
            agent = self.staff.agents[_agent(event).index]
            agents.leave(agent_id=agent.pk, reason=event.reason, actor=self.staff.supervisor, now=event.at)

    def _pk(self, event: Event) -> int:
        return self.cards[_card(event).index].pk


def _card(event: Event) -> CardPlan:
    if event.card is None:
        raise TypeError("this event is about no card")
    return event.card


def _agent(event: Event) -> AgentPlan:
    if event.agent is None:
        raise TypeError("this event is about no agent")
    return event.agent

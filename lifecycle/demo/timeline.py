"""What happens to the fleet after its take-over, as a list of events in order. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from cards.choices import CustodyState, ServiceState, StopReason
from lifecycle.demo.blueprint import AgentPlan, Blueprint, CardPlan
from lifecycle.demo.calendar import Calendar


class Kind(IntEnum):
    """What happens; on one day in this order."""

    ARRIVE = 1
    RETURN = 2
    MOVE = 3
    STATE = 4
    ISSUE = 5
    ACCEPT = 6
    COMPLAIN = 7
    HOLD = 8
    LEAVE = 9


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happens to a card or an agent. `to` is a state; `agent` gets the card, or leaves."""

    kind: Kind
    at: datetime
    card: CardPlan | None = None
    agent: AgentPlan | None = None
    to: str = ""
    reason: str = ""


def events(blueprint: Blueprint, calendar: Calendar) -> list[Event]:
    """Return everything that happens, day by day, each day by kind, each kind by time."""
    found = [event for card in blueprint.cards for event in _of_card(card, calendar)]
    found += [event for agent in blueprint.agents for event in _of_agent(agent, calendar)]
    return sorted(found, key=lambda event: (event.at.date(), event.kind, event.at))


def _of_agent(agent: AgentPlan, calendar: Calendar) -> Iterator[Event]:
    if agent.on_hold:
        reason = "两起有效投诉，待复训"
        yield Event(kind=Kind.HOLD, at=calendar.at(3, 16, 20), agent=agent, reason=reason)
    if agent.leaves:
        yield Event(kind=Kind.LEAVE, at=calendar.at(2, 18, 5), agent=agent, reason="本人辞职")


def _of_card(card: CardPlan, calendar: Calendar) -> Iterator[Event]:
    yield from _arrival(card, calendar)
    yield from _change_of_hands(card, calendar)
    yield from _earlier_stop(card, calendar)
    yield from _return_to_stock(card, calendar)
    yield from _last_service_state(card, calendar)
    yield from _last_custody(card, calendar)
    for number in range(card.fate.complaints):
        yield Event(kind=Kind.COMPLAIN, at=calendar.at(card.ago + 1 + 2 * number, 15, 30), card=card)


def _arrival(card: CardPlan, calendar: Calendar) -> Iterator[Event]:
    if card.arrives is not None:
        yield Event(kind=Kind.ARRIVE, at=calendar.at(card.arrives, 11), card=card)
        if card.agent:
            yield from _handed(card, card.agent, card.arrives - 1, calendar, 10, 15)
    if card.fate.code == "awaiting" and card.agent:
        hour = 9 if card.ago == 0 else 14
        yield Event(kind=Kind.ISSUE, at=calendar.at(card.ago, hour, 40), card=card, agent=card.agent)


def _handed(card: CardPlan, agent: AgentPlan, ago: int, calendar: Calendar, hour: int, minute: int) -> Iterator[Event]:
    yield Event(kind=Kind.ISSUE, at=calendar.at(ago, hour, minute), card=card, agent=agent)
    yield Event(kind=Kind.ACCEPT, at=calendar.at(ago, hour, minute + 15), card=card, agent=agent)


def _change_of_hands(card: CardPlan, calendar: Calendar) -> Iterator[Event]:
    if card.changed is not None and card.agent:
        place = CustodyState.IN_STOCK
        yield Event(kind=Kind.RETURN, at=calendar.at(card.changed, 17, 40), card=card, to=place)
        yield from _handed(card, card.agent, card.changed - 1, calendar, 8, 40)


def _earlier_stop(card: CardPlan, calendar: Calendar) -> Iterator[Event]:
    if card.stopped is not None:
        yield _report(card, calendar.at(card.stopped, 10, 12), ServiceState.HALF_STOP, StopReason.ARREARS)
        yield _report(card, calendar.at(card.stopped - 1, 15, 30), ServiceState.ACTIVE)


def _report(card: CardPlan, at: datetime, to: ServiceState, reason: str = "") -> Event:
    return Event(kind=Kind.STATE, at=at, card=card, to=to, reason=reason)


def _return_to_stock(card: CardPlan, calendar: Calendar) -> Iterator[Event]:
    if card.fate.code in ("voluntary", "cancelling") and card.agent:
        place = CustodyState.IN_STOCK
        yield Event(kind=Kind.RETURN, at=calendar.at(card.ago + 1, 17, 20), card=card, to=place)


def _last_service_state(card: CardPlan, calendar: Calendar) -> Iterator[Event]:
    fate = card.fate
    if fate.service in (ServiceState.ACTIVE, ServiceState.PENDING):
        return
    if fate.code == "arrears_full":
        yield _report(card, calendar.at(card.ago + 1, 10, 26), ServiceState.HALF_STOP, fate.reason)
    if fate.service == ServiceState.FROZEN:
        yield _report(card, calendar.at(card.ago + 2, 10, 26), ServiceState.CANCELLED, StopReason.UNUSED)
    yield _report(card, calendar.at(card.ago, 10, 26), fate.service, fate.reason)


def _last_custody(card: CardPlan, calendar: Calendar) -> Iterator[Event]:
    if card.fate.custody in (CustodyState.IN_STOCK, CustodyState.ISSUED, CustodyState.SPARE):
        return
    yield Event(kind=Kind.MOVE, at=calendar.at(card.ago, 10, 30), card=card, to=card.fate.custody)


def state_at_opening(card: CardPlan) -> tuple[ServiceState, str]:
    """Return the service state and reason in which the spreadsheet brings a card."""
    match card.fate.service:
        case ServiceState.PRE_CANCELLED:
            return ServiceState.FULL_STOP, StopReason.ARREARS
        case ServiceState.CANCELLED | ServiceState.FROZEN:
            return ServiceState.CANCEL_PENDING, StopReason.UNUSED
        case ServiceState.PENDING:
            return ServiceState.PENDING, ""
    return ServiceState.ACTIVE, ""


def held_at_opening(card: CardPlan) -> AgentPlan | None:
    """Return in whose hands the spreadsheet finds a card."""
    if card.arrives is not None or card.fate.code == "awaiting":
        return None
    return card.former or card.agent


def calling_spans(card: CardPlan, calendar: Calendar) -> Sequence[tuple[datetime, datetime]]:
    """Return the times in which a card could call: in service, and in somebody's hands or tried from stock."""
    begin = calendar.opening if card.arrives is None else calendar.at(card.arrives - 1, 11)
    end = calendar.moment
    if card.fate.code in ("voluntary", "cancelling"):
        end = calendar.at(card.ago + 1, 17)
    elif card.fate.code == "arrears_full":
        end = calendar.at(card.ago + 1, 10, 26)
    elif card.fate.service != ServiceState.ACTIVE or card.fate.custody not in (
        CustodyState.ISSUED,
        CustodyState.SPARE,
        CustodyState.IN_STOCK,
    ):
        end = calendar.at(card.ago, 10, 26)
    if card.agent and card.agent.leaves:
        end = min(end, calendar.at(2, 18, 5))
    if card.idle_ago:
        end = min(end, calendar.at(card.idle_ago, 20))
    if card.changed is not None:
        return [(begin, calendar.at(card.changed, 17, 30)), (calendar.at(card.changed - 1, 9), end)]
    if card.stopped is not None:
        return [(begin, calendar.at(card.stopped, 10, 12)), (calendar.at(card.stopped - 1, 15, 30), end)]
    return [(begin, end)]

"""What a board is made of: cards in hands, stops, assessments, calls."""

from datetime import timedelta

from cards.choices import ServiceState, Severity, StopReason
from cards.models import Card
from lifecycle.choices import AlertKind, RiskBand
from lifecycle.models import RiskAssessment
from tests.conftest import FRIDAY
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory, UsageDailyFactory


def held_by(agent, **facts) -> Card:
    """A card in an agent's hands, accepted."""
    card = CardFactory(**{"team": agent.user.team, **facts})
    hand_over(card, agent, accepted_at=FRIDAY)
    return card


def stopped(card: Card, **facts):
    """Stop a card and open its alert."""
    Card.objects.filter(pk=card.pk).update(
        service_state=ServiceState.FULL_STOP,
        stop_reason=StopReason.ARREARS,
        service_since=FRIDAY - timedelta(hours=3),
    )
    params = {"since": "2026-11-20", "reason": "arrears"}
    gravest = {"kind": AlertKind.STOPPED, "severity": Severity.CRITICAL, "code": "stopped", "params": params}
    return AlertFactory(card=card, **{**gravest, **facts})


def in_team(team):
    """An agent of a team."""
    return AgentFactory(user__team=team)


def risk(card: Card, *, score: int = 0, band: str = RiskBand.LOW, calls_today: int = 0) -> RiskAssessment:
    """A card's assessment with a cap of 200."""
    facts = {"score": score, "band": band, "calls_today": calls_today}
    return RiskAssessment.objects.create(card=card, call_limit=200, assessed_at=FRIDAY, **facts)


def called(card: Card, by_hour: dict[int, int], **facts):
    """A card's Friday, calls by hour."""
    hours = [by_hour.get(hour, 0) for hour in range(24)]
    return UsageDailyFactory(card=card, calls=sum(hours), hours=hours, last_at=FRIDAY, **facts)

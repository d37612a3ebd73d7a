"""What filters may name: the things in the scope of who asks; all of them where nobody asks (the schema)."""

from typing import Any

from agents.models import Agent
from agents.querysets import AgentQuerySet
from cardfleet.accounts.access import person_of
from cards.models import Card
from cards.querysets import CardQuerySet


def cards_in_scope(request: Any) -> CardQuerySet:
    """Return the cards the asking person may name."""
    return Card.objects.visible_to(person_of(request)) if request else Card.objects.all()


def agents_in_scope(request: Any) -> AgentQuerySet:
    """Return the agents the asking person may name."""
    return Agent.objects.visible_to(person_of(request)) if request else Agent.objects.all()

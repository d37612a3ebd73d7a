"""Who is around a top-up, and the card it is for."""

from typing import Any

from cardfleet.accounts.choices import Role
from cards.models import Card
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory


def people_around() -> dict[str, Any]:
    """A team with an agent and two supervisors; finance and compliance."""
    team = TeamFactory()
    found = {role.value: PersonFactory(role=role) for role in (Role.FINANCE, Role.COMPLIANCE)}
    found |= {"agent": PersonFactory(role=Role.AGENT, team=team), "team": team}
    for name in ("supervisor", "deputy"):
        found[name] = PersonFactory(role=Role.SUPERVISOR, scope=team)
    return found


def card_of(people: dict[str, Any]) -> Card:
    """A card in the agent's hands, with an account of its own."""
    card = CardFactory(team=people["team"], holder=people["agent"], custody_state="issued")
    AccountFactory(carrier=card.carrier, cards=[card])
    return card

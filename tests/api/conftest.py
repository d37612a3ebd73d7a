"""The things of which the rows of tests.api.writables make more."""

from typing import Any

import pytest

from billing.models import Account
from cardfleet.accounts.choices import Role
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import hand_over
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory


@pytest.fixture
def of(things, people, time_machine) -> dict[str, Any]:
    """The dataset, its people and a colleague; a new card at a wallet's carrier, and one in accepted hands.

    It is the Friday of which the rows speak, and time goes on.
    """
    time_machine.move_to(FRIDAY)
    team, carrier = people["agent"].team, Account.objects.get(pk=things["wallet"]).carrier
    AccountFactory(carrier=carrier, cards=[spare := CardFactory(team=team, carrier=carrier)])
    hand_over(held := CardFactory(team=team), people["agent"].agent, accepted_at=FRIDAY)
    ids = {role: person.pk for role, person in people.items() if role not in things}
    colleague = PersonFactory(role=Role.SUPERVISOR, team=team)
    return {**things, **ids, "spare": spare.pk, "held": held.pk, "colleague": colleague.pk}

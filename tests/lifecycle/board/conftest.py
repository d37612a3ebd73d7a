"""A supervisor of one team on the Friday of the tests."""

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory


@pytest.fixture(autouse=True)
def _friday(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team(db):
    return TeamFactory(name="East")


@pytest.fixture
def supervisor(reference, team):
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


@pytest.fixture
def board(client, supervisor):
    client.force_login(supervisor)
    return lambda **query: client.get(reverse("lifecycle:board"), query)

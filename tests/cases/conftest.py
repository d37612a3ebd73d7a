"""The house in which cases are driven through their pages."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from cards.models import Carrier
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, train
from tests.factories.cards import RegistrantFactory


@pytest.fixture
def house(client, transactional_db) -> SimpleNamespace:
    """A team with its people signed in, its agent 李娜, a company and a person as legal holders."""
    now = timezone.now()
    load(now=now)
    team = TeamFactory(name="一组")
    roles = {"supervisor": Role.SUPERVISOR, "finance": Role.FINANCE, "compliance": Role.COMPLIANCE}
    sessions = {}
    for name, role in roles.items():
        client.force_login(PersonFactory(role=role, scope=team if role == Role.SUPERVISOR else None))
        sessions[name] = client.session.session_key
        client.cookies.clear()
    return SimpleNamespace(
        now=now,
        team=team,
        carrier=Carrier.objects.get(code="cmcc"),
        agent=train(AgentFactory(user__team=team, user__name="李娜")),
        company=RegistrantFactory(name="星河科技有限公司"),
        person=RegistrantFactory(kind="person", name="陈静"),
        sessions=sessions,
    )

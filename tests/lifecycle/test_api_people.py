"""Training, signatures, confirmations, delegations, problems, matters and the scorecard over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from agents.models import Acknowledgement, PolicyVersion
from cardfleet.accounts.choices import Role
from lifecycle.models import Matter
from tests.conftest import FRIDAY
from tests.factories.accounts import DelegationFactory, PersonFactory
from tests.factories.agents import AgentFactory, CardConfirmationFactory, TrainingRecordFactory
from tests.factories.desk import MatterFactory
from tests.factories.lifecycle import CustomerProblemFactory

LISTS = (
    *("acknowledgements", "confirmations", "customer-problems", "delegations", "compliance/matters"),
    *("training/records", "training/standings", "reports/performance"),
)


def add() -> None:
    """Add one of each thing."""
    agent = AgentFactory()
    TrainingRecordFactory(agent=agent)
    Acknowledgement.objects.create(version=PolicyVersion.objects.get(), user=agent.user, at=FRIDAY, signed_name="x")
    CardConfirmationFactory(agent=agent)
    CustomerProblemFactory(agent=agent)
    DelegationFactory()
    MatterFactory(asker="Wang", number="+8613912345678")


@pytest.mark.django_db
def test_each_list_costs_the_same_however_long_and_names_nobody_who_asked(reference, now, time_machine) -> None:
    """R12, R14, R62, R70, R73, R83: a fixed number of queries; who asked, and about which number, stays inside."""
    time_machine.move_to(now, tick=False)
    client = APIClient()
    client.force_authenticate(PersonFactory(role=Role.COMPLIANCE))
    client.get(f"/api/v1/{LISTS[0]}/")
    counts: list[dict[str, int]] = []
    for number in (1, 2):
        for _each in range(number):
            add()
        counts.append({})
        for name in LISTS:
            with CaptureQueriesContext(connection) as queries:
                told = client.get(f"/api/v1/{name}/")
            assert told.status_code == 200
            found = told.json().get("results", told.json().get("rows"))
            assert len(found) >= 2 * number - 1
            counts[-1][name] = len(queries)
    assert counts[0] == counts[1]
    assert Matter.objects.filter(kind="access").exists()
    told = client.get("/api/v1/compliance/matters/").content
    assert b"Wang" not in told
    assert b"13912345678" not in told

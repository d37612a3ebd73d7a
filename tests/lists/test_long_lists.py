"""Lists that grow with the years count as far as they are looked at (decision 40)."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.services.ledger import top_up
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team
from cardfleet.kernel import paging
from cardfleet.kernel.paging import page_of
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory


@pytest.mark.parametrize("name", ["agents:assignments", "billing:ledger"])
def test_a_page_that_holds_all_rows_counts_none(client, reference, now, name):
    team = TeamFactory()
    card = CardFactory(team=team)
    hand_over(card, AgentFactory(user__team=team), at=now)
    top_up(account=AccountFactory(cards=[card]), card=card, amount=Decimal(5), actor=None, now=now)
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse(name)).context
    assert (len(page["page_obj"].object_list), page["more"]) == (1, 0)
    table = page["asked"].filters.queryset.model._meta.db_table
    assert not [query["sql"] for query in asked if "COUNT(" in query["sql"] and table in query["sql"]]


@pytest.mark.parametrize(
    ("number", "shown", "more"),
    [("1", [0, 1], 3), ("2", [2, 3], 4), ("3", [4, 5], 6), ("99", [6], 0), ("x", [0, 1], 3)],
)
def test_rows_beyond_the_page_and_some_thousands_are_not_counted(db, monkeypatch, number, shown, more):
    """Of a page beyond the last the last is shown, and all are counted then."""
    monkeypatch.setattr(paging, "COUNTED", 3)
    teams = [TeamFactory(name=f"{place}") for place in range(7)]
    listed = page_of(Team.objects.filter(pk__in=[team.pk for team in teams]).order_by("pk"), number=number, size=2)
    assert [int(team.name) for team in listed.page] == shown
    assert listed.more == more

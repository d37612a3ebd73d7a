"""The first steps: ticked off by what exists, on the empty board and later."""

from django.urls import reverse

from billing.choices import BatchState
from billing.models import UsageBatch
from cardfleet.accounts.choices import Role
from cards.models import Carrier
from lifecycle.selectors.guide import set_up
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory, CarrierFactory

GUIDE = reverse("lifecycle:guide")


def test_steps_are_ticked_off_by_what_exists(client, reference):
    """Issue 5, item 10: carrier, cards, calls, people; the next one alone is filled."""
    Carrier.objects.all().delete()
    client.force_login(PersonFactory(role=Role.ADMIN))

    def seen():
        return {one["step"].name: one["done"] for one in client.get(GUIDE).context["steps"]}

    def the_next():
        return [one["step"].name for one in client.get(GUIDE).context["steps"] if one["next"]]

    assert (list(seen().values()), the_next()) == ([False] * 4, ["carriers"])
    CardFactory(carrier=CarrierFactory())
    assert the_next() == ["calls"]
    UsageBatch.objects.create(source=UsageSourceFactory(), state=BatchState.STORED, created_at=FRIDAY)
    assert the_next() == ["people"]
    AgentFactory()
    assert set_up().is_done
    assert client.get(GUIDE).status_code == 200


def test_a_step_that_is_not_the_persons_names_no_page(client, reference):
    client.force_login(PersonFactory(role=Role.FINANCE))
    urls = {one["step"].name: one["url"] for one in client.get(GUIDE).context["steps"]}
    assert {name for name, url in urls.items() if url} == {"calls"}


def test_the_empty_board_is_the_guide(board, team):
    """First use: what to do, with one filled button."""
    page = board()
    assert [one["step"].name for one in page.context["steps"]] == ["carriers", "cards", "calls", "people"]
    assert 'id="queue"' not in page.content.decode()
    CardFactory()
    assert "guide" not in board().templates[0].name

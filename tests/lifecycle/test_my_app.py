"""My cards as an app: what it weighs, what it asks of the database, what its worker keeps (design section 7)."""

import gzip
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.templatetags.static import static
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cardfleet.accounts.choices import Role
from lifecycle.views.app import SHELL, version
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory

MY = "lifecycle:my"
BUDGET = 60_000


@pytest.fixture
def agent(reference):
    """An agent with one accepted card."""
    agent = AgentFactory(user=PersonFactory(team=TeamFactory(), role=Role.AGENT))
    give(agent)
    return agent


def give(agent):
    """Hand a card over and have it accepted."""
    at = timezone.now() - timedelta(days=1)
    card = CardFactory(service_state="half_stop", stop_reason="arrears")
    return hand_over(card, agent, at=at, accepted_at=at).card


def test_it_asks_as_much_for_three_cards_as_for_one_and_weighs_little(client, agent):
    """R28, R68: a fixed number of queries; less than 60 kB sent after the first load, readable without a script."""
    client.force_login(agent.user)
    client.get(reverse(MY))  # A process reads the rules once.
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as seen:
            page = client.get(reverse(MY))
        counts.append(len(seen))
        for _card in range(2):
            AlertFactory(card=give(agent), kind="arrears")
    assert counts[0] == counts[1]
    content = client.get(reverse(MY)).content
    assert len(gzip.compress(content)) < len(content) < BUDGET
    assert escape(str(page.context["shown"].words.todo)) in content.decode()


def test_its_worker_keeps_what_the_page_loads_and_no_more(client, agent):
    """What the page names and what is kept are the same files; another file is another version."""
    hand_over(CardFactory(), agent)
    client.force_login(agent.user)
    page = client.get(reverse(MY)).content.decode()
    loaded = set(re.findall(r'(?:href|src)="(/static/[^"#?]+)', page))
    assert loaded == {static(name) for name in SHELL}
    client.logout()
    worker = client.get(reverse("lifecycle:my-worker"))
    known = json.loads(re.match(r"const APP = (.+);\n", worker.content.decode())[1])
    assert (known["page"], set(known["shell"]), known["version"]) == (reverse(MY), loaded, version())
    assert (worker["Content-Type"], "no-cache" in worker["Cache-Control"]) == ("text/javascript", True)
    manifest = client.get(reverse("lifecycle:my-app")).json()
    assert (manifest["start_url"], manifest["display"]) == (reverse(MY), "standalone")
    assert all(icon["src"].startswith("/static/img/") for icon in manifest["icons"])

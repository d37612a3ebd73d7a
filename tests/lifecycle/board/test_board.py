"""The supervisor's board as a page: tiles and the lists behind them, who sees it, what it asks of the database."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from lifecycle.choices import AlertKind, RiskBand
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import hand_over
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory
from tests.lifecycle.board.facts import called, held_by, in_team, risk, stopped

BOARD = reverse("lifecycle:board")


def test_each_tile_counts_the_list_it_leads_to(board, client, team):
    """Design, section 7: every number leads to the filtered list behind it, and equals it."""
    stopped(held_by(in_team(team)))
    risk(CardFactory(team=team), band=RiskBand.HIGH, score=88)
    for kind in (AlertKind.ARREARS, AlertKind.IDLE):
        AlertFactory(card__team=team, kind=kind)
    CardFactory.create_batch(2, team=team, expires_on=date(2026, 11, 25))
    hand_over(CardFactory(team=team), in_team(team))
    hand_over(CardFactory(team=team), in_team(team), accepted_at=FRIDAY, due_back_on=date(2026, 11, 20))
    CardFactory(team=TeamFactory(), expires_on=date(2026, 11, 25))
    tiles = board().context["tiles"]
    assert [shown["value"] for shown in tiles] == [1, 1, 1, 2, 1, 1, 1]
    for shown in tiles:
        assert client.get(shown["tile"].url).context["page_obj"].paginator.count == shown["value"]


def test_a_fleet_of_one_and_of_three_asks_as_often(board, team):
    """A fixed number of statements, at most twelve for the board itself."""

    def grow():
        agent = in_team(team)
        card = held_by(agent)
        stopped(card)
        risk(card)
        called(card, {9: 10})
        AlertFactory(card=card, due_at=FRIDAY + timedelta(days=3))
        hand_over(CardFactory(team=team), agent)

    def asked() -> list[str]:
        """The statements of the board, without those that tell who asks and what the frame shows them."""
        board()
        with CaptureQueriesContext(connection) as caught:
            board()
        frame = ('"django_session"', '"auth_permission"', '"auth_group"', 'FROM "accounts_user"')
        return [query["sql"] for query in caught if not any(table in query["sql"] for table in frame)]

    grow()
    one = asked()
    grow()
    grow()
    three = asked()
    assert len(one) == len(three)
    assert len(one) <= 12


def test_an_agent_is_led_to_their_own_cards(client, reference):
    client.force_login(PersonFactory(role=Role.AGENT))
    answer = client.get(BOARD)
    assert (answer.status_code, answer.url) == (302, reverse("lifecycle:my"))


def test_without_cards_the_board_offers_the_import(board):
    """First use: one button."""
    page = board().content.decode()
    assert reverse("lifecycle:import-cards") in page
    assert 'id="queue"' not in page


def test_cost_is_for_those_who_may_see_it(client, reference, team):
    CardFactory(team=team)
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    assert reverse("lifecycle:board-cost") not in client.get(BOARD).content.decode()
    assert client.get(reverse("lifecycle:board-cost")).status_code == 403


def test_assess_now_starts_one_job(client, supervisor):
    """A job with progress, asked for by a person."""
    client.force_login(supervisor)
    assert client.post(reverse("lifecycle:assess-now")).status_code == 302
    assert list(Job.objects.values_list("kind", "owner")) == [("lifecycle.assess", supervisor.pk)]


def test_assess_now_is_not_for_finance(client, reference):
    client.force_login(PersonFactory(role=Role.FINANCE))
    assert client.post(reverse("lifecycle:assess-now")).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_it_fits_the_window_and_breaks_no_policy(live, transactional_db, client, supervisor, team, width, theme):
    """In Chinese, in a browser: nothing wider than the window, nothing refused, the cost arrives as a part."""
    card = held_by(in_team(team))
    stopped(card)
    risk(card)
    called(card, {9: 150, 10: 60})
    client.force_login(supervisor)
    said: list[str] = []
    with live.page(width=width, session=client.session.session_key, color_scheme=theme) as page:
        page.on("console", lambda message: said.append(message.text))
        page.goto(BOARD)
        page.wait_for_selector(".chart-canvas canvas")
        page.wait_for_selector(".loading", state="detached")
        live.screenshot(page, f"board-{width}-{theme}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (said, overflow) == ([], 0)

"""Counts of places and of agents' cards (R7)."""

import pytest
from django.urls import reverse

from agents.choices import Settlement
from agents.errors import TakeClosed, TakeUnsettled
from agents.models import Assignment
from agents.selectors.custody import custody_differences
from agents.selectors.stocktakes import counts, differences
from agents.services.stocktakes import close_take, scan_cards, settle, start_take
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.choices import CustodyState
from cards.models import Card
from cards.rules.scans import read_scans
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.stock import LocationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_a_place_is_counted_by_two_people_and_set_right(now) -> None:
    """R7: expected against found; what lacks, belongs elsewhere or is of no card is settled, journalled and proven."""
    team = TeamFactory()
    one, two = (PersonFactory(role=Role.SUPERVISOR, scope=team, team=team) for _person in range(2))
    safe, cards = LocationFactory(), Card.objects.all()
    inside = {"team": team, "location": safe.name}
    there, gone = CardFactory(**inside), CardFactory(**inside)
    elsewhere, lost = CardFactory(team=team, location="other"), CardFactory(team=team, custody_state="missing")
    held = CardFactory(team=team)
    hand_over(held, AgentFactory(user__team=team))
    take = start_take(location=safe, agent=None, cards=cards, actor=one, now=now)
    assert start_take(location=safe, agent=None, cards=cards, actor=two, now=now) == take

    def scan(person, *texts):
        scans = read_scans("\n".join(texts))
        found = scan_cards(take_id=take.pk, scans=scans, cards=cards, actor=person, now=now)
        return [(str(outcome.difference), outcome.again) for outcome in found]

    assert scan(one, there.iccid) == [("none", False)]
    assert scan(two, there.iccid, elsewhere.iccid) == [("none", True), ("misplaced", False)]
    assert scan(two, f"/cards/{lost.pk}/", held.msisdn, "6901234567892") == [
        ("misplaced", False),
        ("misplaced", False),
        ("unknown", False),
    ]
    figures = counts(take)
    assert (figures.expected, figures.found, figures.missing, figures.misplaced, figures.unknown) == (2, 1, 1, 3, 1)
    assert take.rows.get(card=there).found_by == one
    with pytest.raises(TakeUnsettled):
        close_take(take_id=take.pk, actor=one, now=now)
    row = take.rows.get(card=elsewhere)
    assert settle(take_id=take.pk, row_ids=[row.pk], actor=one, now=now) == {Settlement.MOVED: 1}
    assert settle(take_id=take.pk, actor=one, now=now) == {
        Settlement.MISSING: 1,
        Settlement.RESTOCKED: 1,
        Settlement.TAKEN_BACK: 1,
        Settlement.NOTED: 1,
    }
    assert settle(take_id=take.pk, actor=one, now=now) == {}
    states = dict(Card.objects.values_list("pk", "custody_state"))
    assert states[gone.pk] == CustodyState.MISSING
    assert {states[card.pk] for card in (there, elsewhere, lost, held)} == {CustodyState.IN_STOCK}
    assert Card.objects.filter(location=safe.name).count() == 5
    assert not Assignment.objects.open().exists()
    assert list(custody_differences()) == []
    close_take(take_id=take.pk, actor=two, now=now)
    assert Entry.objects.filter(action="agents.take_settled").count() == 2
    with pytest.raises(TakeClosed):
        scan(one, gone.iccid)


def test_an_agents_cards_are_counted(now) -> None:
    """R7: a card found in hands that the books have in stock is noted; one not found is missing and still held."""
    agent = AgentFactory()
    kept, gone, other = CardFactory(), CardFactory(), CardFactory()
    for card in (kept, gone):
        hand_over(card, agent)
    take = start_take(location=None, agent=agent, cards=Card.objects.all(), actor=None, now=now)
    scans = read_scans(f"{kept.iccid} {other.iccid}")
    scan_cards(take_id=take.pk, scans=scans, cards=Card.objects.all(), actor=None, now=now)
    assert settle(take_id=take.pk, actor=None, now=now) == {Settlement.MISSING: 1, Settlement.NOTED: 1}
    gone.refresh_from_db()
    assert (gone.custody_state, gone.holder) == (CustodyState.MISSING, agent.user)
    assert list(custody_differences()) == []


def test_the_page_of_a_count(client, now) -> None:
    """R7: scans on the page mark what is found; as many queries for three differences as for one."""
    team = TeamFactory()
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    client.force_login(person)
    safe = LocationFactory()
    CardFactory.create_batch(3, team=team, location=safe.name)
    started = client.post(reverse("agents:take-start"), {"location": safe.pk})
    assert started.status_code == 302
    card = Card.objects.first()
    address = f"{started['Location']}scan/"
    answer = client.post(address, {"scans": card.iccid}, headers={"HX-Request": "true"})
    assert answer.templates[0].name == "agents/take_body.html"
    assert answer.context["counts"].found == 1
    assert [row.card for row in differences(answer.context["take"])] == list(Card.objects.exclude(pk=card.pk))
    assert client.get(started["Location"]).status_code == 200
    assert client.post(f"{started['Location']}close/").status_code == 409
    assert client.post(f"{started['Location']}settle/", follow=True).context["counts"].unsettled == 0

"""A card given to another team from its page, and cards from a place's page."""

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.models import Card
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.stock import LocationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def desk(client, team):
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    client.force_login(person)
    return person


def test_a_card_goes_to_another_team_of_the_scope(client, desk, team):
    """R7: with the reason in the journal; never to a team outside the scope."""
    below, card = TeamFactory(parent=team), CardFactory(team=team)
    url = reverse("lifecycle:card-team", args=[card.pk])
    assert url in client.get(reverse("lifecycle:card", args=[card.pk])).content.decode()
    assert client.post(url, {"team": TeamFactory().pk}).status_code == 422
    assert client.post(url, {"team": below.pk, "reason": "night shift"}).status_code == 302
    assert Card.objects.get(pk=card.pk).team == below
    assert Entry.objects.latest("id").reason == "night shift"


def test_a_card_in_hands_stays_with_its_holder(client, desk, team):
    card = hand_over(CardFactory(team=team), AgentFactory(user__team=team)).card
    url = reverse("lifecycle:card-team", args=[card.pk])
    assert url not in client.get(reverse("lifecycle:card", args=[card.pk])).content.decode()
    answer = client.post(url, {"team": TeamFactory(parent=team).pk})
    assert (answer.status_code, answer.context["refusal"].reasons[0].code) == (409, "in_hands")


def test_the_page_of_a_place_leads_to_the_question_about_its_cards(client, desk, team):
    place = LocationFactory()
    cards = CardFactory.create_batch(2, team=team, location=place.name)
    page = client.get(reverse("cards:location", args=[place.pk])).content.decode()
    ask = f"{reverse('lifecycle:bulk', args=['team'])}?ids={cards[0].pk},{cards[1].pk}"
    assert ask in page
    assert client.get(ask).context["number"] == 2

"""Finding cards by what people have at hand."""

import pytest

from cards.choices import CustodyState
from cards.models import Card
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def card() -> Card:
    holder = PersonFactory(name="王小明", staff_no="a017", name_initials="wxm")
    CardFactory()
    held = {"holder": holder, "custody_state": CustodyState.ISSUED}
    return CardFactory(iccid="8986007031011209432A", msisdn="+8613912344417", **held)


@pytest.mark.parametrize(
    "text",
    ["4417", " 44 17", "139 1234", "+8613912344417", "13912344417", "8986007031011", "432a", "王小", "A017", "wxm"],
)
def test_a_card_is_found_by_either_end_or_its_holder(text: str, card: Card) -> None:
    assert Card.objects.matching(text).get() == card


@pytest.mark.parametrize("text", ["1234", "小明", "017", "%", "86007"])
def test_the_middle_finds_nothing(text: str, card: Card) -> None:
    assert not Card.objects.matching(text).exists()


def test_any_of_several_texts_finds_and_an_empty_one_finds_all(card: Card) -> None:
    other = Card.objects.exclude(pk=card.pk).get()
    assert set(Card.objects.matching("4417", other.msisdn[-8:])) == {card, other}
    assert Card.objects.matching("").count() == 2

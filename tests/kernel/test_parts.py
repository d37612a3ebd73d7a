"""A page of several lists, one after another."""

import pytest

from cardfleet.kernel.parts import InParts
from cards.models import Card
from tests.factories.cards import CardFactory


@pytest.mark.django_db
def test_a_slice_is_that_of_the_lists_put_together(django_assert_num_queries):
    """Wherever it begins and ends, in one statement; parts may be empty or contradict themselves."""
    cards = CardFactory.create_batch(7)
    early, late = cards[:3], cards[3:]
    ids = Card.objects.values_list("pk", flat=True)
    parts = InParts(
        ids.filter(pk__in=[card.pk for card in late]).order_by("-pk"),
        ids.filter(msisdn="none"),
        ids.filter(pk__in=[card.pk for card in early]).order_by("pk"),
    )
    whole = [card.pk for card in reversed(late)] + [card.pk for card in early]
    slices = [(start, end) for start in range(9) for end in range(start, 10)]
    with django_assert_num_queries(len(slices)):
        assert [parts[start:end] for start, end in slices] == [whole[start:end] for start, end in slices]
    assert InParts(ids.none(), ids.order_by("pk"))[0:2] == [card.pk for card in cards[:2]]
    assert InParts(ids.none())[0:2] == []

"""Tags on cards: by service, by file, and found again."""

import pytest

from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from cards.models import Card, Tag
from cards.services.tags import add_tags, change_tags, record_tag, remove_tags, rename_tag
from tests.cards.files import iccid, load
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory, TagFactory

pytestmark = pytest.mark.django_db


def names(card: Card) -> list[str]:
    """Return the tags of a card."""
    return [tag.name for tag in card.tags.all()]


def test_many_cards_are_tagged_and_told_which_of_them_changed():
    """R14: each card's journal says which tags came and went, by whom; what changes nothing says nothing."""
    person, (one, two) = PersonFactory(), CardFactory.create_batch(2)
    told = {"actor": person, "now": FRIDAY}
    assert add_tags(card_ids=[one.pk], names=["VIP"], **told) == {one.pk: ["VIP"]}
    added = add_tags(card_ids=[one.pk, two.pk, 0], names=["vip", "🔥热卖"], **told)
    assert {card: set(put) for card, put in added.items()} == {one.pk: {"🔥热卖"}, two.pk: {"VIP", "🔥热卖"}}
    assert add_tags(card_ids=[one.pk, two.pk], names=["VIP"], **told) == {}
    assert remove_tags(card_ids=[one.pk, two.pk], names=["VIP", "unknown"], **told) == {
        one.pk: ["VIP"],
        two.pk: ["VIP"],
    }
    assert names(one) == names(two) == ["🔥热卖"]
    assert Entry.objects.filter(action="cards.tags_added", actor=person).count() == 3
    assert Entry.objects.filter(action="cards.tags_removed", subject=f"cards.card:{two.pk}").count() == 1


def test_what_is_no_tag_changes_nothing():
    """Each name that does not hold is told, and no other is put on or taken off."""
    card = CardFactory()
    with pytest.raises(BadInput) as refused:
        change_tags(card_ids=[card.pk], add=["good", "a,b", "x" * 41], remove=[], actor=None, now=FRIDAY)
    assert [reason.code for reason in refused.value.reasons] == ["tag_unfit", "tag_too_long"]
    assert names(card) == []
    assert not Tag.objects.exists()


def test_a_tag_is_renamed_for_all_its_cards_but_not_to_anothers_name():
    """One word is one tag."""
    card, other = CardFactory(), TagFactory(name="Other")
    card.tags.add(tag := record_tag(name="old", actor=None, now=FRIDAY))
    rename_tag(tag_id=tag.pk, name="OLD", actor=None, now=FRIDAY)
    assert names(card) == ["OLD"]
    with pytest.raises(BadInput):
        rename_tag(tag_id=tag.pk, name="OTHER", actor=None, now=FRIDAY)
    with pytest.raises(BadInput):
        record_tag(name="other", actor=None, now=FRIDAY)
    assert other.cards.count() == 0


def test_a_file_adds_tags_and_takes_none_away(mobile):
    """A column 标签 with several in a cell; the same file again changes nothing, a bad cell refuses its line."""
    header = ["卡号", "号码", "运营商", "标签"]
    lines = [[iccid(1), "13800000001", "移动", "VIP、上海"], [iccid(2), "13800000002", "移动", "x" * 41]]
    first = load(header, *lines)
    assert (first.counts()["created"], [reason.code for reason in first.refused[0].reasons]) == (1, ["tag_too_long"])
    card = Card.objects.get()
    assert (names(card), first.stored[0].changed[-1]) == (["VIP", "上海"], "tags")
    assert load(header, lines[0]).counts()["unchanged"] == 1
    assert load(header, [*lines[0][:3], "vip,新"]).counts()["updated"] == 1
    assert names(card) == ["VIP", "上海", "新"]


def test_cards_are_found_by_their_tags():
    """By the start of the word in the search, by the tag itself in a filter."""
    card, tag = CardFactory(), TagFactory(name="Promotion")
    card.tags.add(tag)
    CardFactory().tags.add(TagFactory(name="demotion"))
    assert Card.objects.matching("promo").get() == card
    assert Card.objects.tagged([tag]).get() == card
    assert list(Card.objects.with_tag_names().order_by("pk").values_list("tag_names", flat=True)) == [
        ["Promotion"],
        ["demotion"],
    ]

"""The one writer of custody, team and holder."""

from datetime import timedelta

import pytest

from cardfleet.accounts.models import Team
from cardfleet.journal.models import Entry
from cards.choices import Axis, ChangeSource, CustodyState, ServiceState
from cards.errors import ChangeRefused
from cards.models import Card, CardChange
from cards.services.custody import CustodyMove, change_custodies, change_custody
from tests.conftest import FRIDAY
from tests.factories.cards import RECORDED, CardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team.objects.create(name="一组")


def put(card: Card, to: str, holder=None, team=None, at=FRIDAY, **given) -> Card:
    """Move a card."""
    return change_custody(card=card, to=to, holder=holder, team=team, at=at, actor=None, now=FRIDAY, **given)


def test_issue_writes_holder_team_history_and_journal(person, team):
    """R11: a hand-over says who has the card and whose team it is."""
    card, holder = CardFactory(), person()
    moved = put(card, CustodyState.ISSUED, holder, team, reason="new agent")
    card.refresh_from_db()
    assert (card.custody_state, card.holder, card.team, card.custody_since) == ("issued", holder, team, FRIDAY)
    assert moved == card
    row = card.changes.filter(axis=Axis.CUSTODY).first()
    assert (row.from_state, row.to_state, row.at) == ("in_stock", "issued", FRIDAY)
    entry = Entry.objects.get(action="cards.custody_changed")
    assert (entry.reason, entry.data["holder"]) == ("new agent", [None, holder.pk])


def test_another_team_or_holder_in_the_same_state_is_journalled(person, team):
    card = CardFactory()
    put(card, CustodyState.IN_STOCK, team=team)
    card.refresh_from_db()
    assert (card.team, card.custody_since) == (team, RECORDED)
    assert card.changes.filter(axis=Axis.CUSTODY).count() == 1
    assert Entry.objects.get().data["team"] == [None, team.pk]
    with pytest.raises(ChangeRefused):
        put(card, CustodyState.IN_STOCK, team=team)


def test_illegal_place_is_refused_with_the_legal_ones(person):
    card = CardFactory()
    with pytest.raises(ChangeRefused) as refused:
        put(card, CustodyState.RETURNED)
    assert refused.value.context["legal"] == ["issued", "spare", "faulty", "missing", "destroyed"]
    card.refresh_from_db()
    assert card.custody_state == "in_stock"


def test_live_card_is_not_destroyed():
    """R17: destroy only what the carrier has ended."""
    with pytest.raises(ChangeRefused) as refused:
        put(CardFactory(), CustodyState.DESTROYED)
    assert refused.value.reasons[0].code == "destroy_live_card"
    ended = CardFactory(service_state=ServiceState.CANCELLED)
    assert put(ended, CustodyState.DESTROYED).custody_state == "destroyed"


def test_dates_do_not_run_backwards(person):
    card, holder = CardFactory(), person()
    put(card, CustodyState.ISSUED, holder, at=RECORDED - timedelta(days=1))
    put(card, CustodyState.RETURNED, at=FRIDAY)
    with pytest.raises(ChangeRefused) as refused:
        put(card, CustodyState.IN_STOCK, at=FRIDAY - timedelta(minutes=1))
    assert refused.value.reasons[0].code == "dates_run_backwards"


def test_many_moves_land_together_or_not_at_all(person, django_assert_num_queries):
    holder = person()
    good, bad = CardFactory(), CardFactory(custody_state=CustodyState.DESTROYED)
    moves = [
        CustodyMove(card_id=card.pk, to=CustodyState.ISSUED, holder=holder, team=None, at=FRIDAY)
        for card in (good, bad)
    ]
    with pytest.raises(ChangeRefused):
        change_custodies(moves=moves, actor=None, now=FRIDAY)
    good.refresh_from_db()
    assert (good.custody_state, good.holder) == ("in_stock", None)
    with django_assert_num_queries(6):
        change_custodies(moves=moves, actor=None, now=FRIDAY, source=ChangeSource.TAKEOVER)
    assert Card.objects.filter(custody_state="issued", holder=holder).count() == 2
    assert CardChange.objects.filter(source="takeover").count() == 2

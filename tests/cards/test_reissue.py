"""A number goes on with a new SIM."""

from datetime import timedelta

import pytest

from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from cards.errors import ReissueRefused
from cards.models import VoidedSim
from cards.selectors.secrets import secret_facts
from cards.selectors.voided import voided_iccids
from cards.services.cards import register_card
from cards.services.reissue import reissue_sim
from cards.services.secrets import set_secrets
from tests.cards.files import HEADER, codes, iccid, load
from tests.conftest import FRIDAY
from tests.factories.cards import CardFactory, CarrierFactory

pytestmark = pytest.mark.django_db

BY = {"actor": None, "now": FRIDAY}
NEW = "89860070310112094338"


def reissued(card, **given):
    """Put the card on a new SIM."""
    told = {"iccid": NEW, "why": "lost", "in_hand": False, "at": FRIDAY - timedelta(hours=1), **BY}
    return reissue_sim(card_id=card.pk, **told | given)


def test_a_lost_card_goes_on_under_a_new_iccid(person):
    """R52: same number, new ICCID, history kept; the old ICCID is void, its secrets are erased."""
    holder = person()
    card = CardFactory(custody_state="missing", holder=holder, service_state="lost_stop", condition="worn")
    before, number, history = card.iccid, card.msisdn, card.changes.count()
    set_secrets(card_id=card.pk, secrets={"pin1": "4711", "puk1": "12345678"}, **BY)
    old = reissued(card, iccid="8986 0070 3101 1209 4338")
    card.refresh_from_db()
    assert (card.iccid, card.msisdn, card.condition) == (NEW, number, "good")
    assert (card.custody_state, card.holder, card.service_state) == ("issued", holder, "lost_stop")
    assert card.changes.count() == history + 1
    assert (old.iccid, old.in_hand, voided_iccids(card.pk)) == (before, False, [old])
    assert not secret_facts(card).stored
    actions = set(Entry.objects.filter(subject=f"cards.card:{card.pk}").values_list("action", flat=True))
    assert {"cards.sim_reissued", "cards.secrets_voided", "cards.custody_changed"} <= actions
    assert NEW not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_void_iccid_comes_back_nowhere():
    """R52: neither as another card nor as the next SIM of the same one."""
    card = CardFactory()
    before = card.iccid
    reissued(card, why="fault", in_hand=True)
    facts = {"iccid": before, "msisdn": "13800000001", "carrier": CarrierFactory()}
    with pytest.raises(BadInput) as refused:
        register_card(facts=facts, team=None, **BY)
    assert [reason.code for reason in refused.value.reasons] == ["iccid_void"]
    with pytest.raises(ReissueRefused) as again:
        reissued(card, iccid=before, why="fault", at=FRIDAY)
    assert [reason.code for reason in again.value.reasons] == ["iccid_void"]
    assert VoidedSim.objects.count() == 1


def test_a_file_with_the_old_iccid_makes_no_second_card(mobile):
    """R52: a line of the replaced SIM is refused, whether or not the number lives; the new one is known."""
    card = CardFactory(iccid=iccid(1), msisdn="+8613800000001", carrier=mobile)
    reissued(card, iccid=iccid(2))
    rows = [(iccid(1), "13800000009", "移动"), (iccid(2), "13800000001", "移动"), (iccid(3), "13800000003", "移动")]
    outcome = load(HEADER, *rows)
    assert codes(outcome) == {2: ["iccid_void"]}
    assert [stored.is_new for stored in outcome.stored] == [False, True]

"""Single cards and their secrets: recorded, corrected, revealed for a reason."""

from datetime import date

import pytest
from django.db import connection

from cardfleet.accounts.models import Team
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput, NotAllowed, NotVisible
from cards.choices import Axis
from cards.models import CardSecret
from cards.services.cards import edit_facts, register_card
from cards.services.secrets import reveal, set_secrets
from tests.conftest import FRIDAY
from tests.factories.cards import CardFactory, CarrierFactory, ContractFactory, RatePlanFactory

pytestmark = pytest.mark.django_db

BY = {"actor": None, "now": FRIDAY}


def test_new_card_is_not_activated_in_stock_and_has_a_history():
    carrier, team = CarrierFactory(), Team.objects.create(name="一组")
    facts = {"iccid": "8986 0070 3101 1209 4320", "msisdn": "138 0000 0001", "carrier": carrier}
    card = register_card(facts=facts, team=team, **BY)
    assert (card.iccid, card.msisdn, card.team) == ("89860070310112094320", "+8613800000001", team)
    assert (card.service_state, card.custody_state) == ("pending", "in_stock")
    assert set(card.changes.values_list("axis", "from_state", "to_state")) == {
        (Axis.SERVICE, "", "pending"),
        (Axis.CUSTODY, "", "in_stock"),
    }
    assert Entry.objects.get().action == "cards.card_registered"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"iccid": "123"}, "iccid"),
        ({"msisdn": "138"}, "msisdn"),
        ({"device_imei": "490154203237519"}, "device_imei"),
        ({"expires_on": date(2026, 1, 1), "activated_on": date(2026, 2, 1)}, ""),
        ({"msisdn": "13900000000"}, ""),
    ],
)
def test_bad_facts_are_refused_by_field(given, field):
    CardFactory(msisdn="+8613900000000")
    facts = {"iccid": "89860070310112094320", "msisdn": "13800000001", "carrier": CarrierFactory()} | given
    with pytest.raises(BadInput) as refused:
        register_card(facts=facts, team=None, **BY)
    assert {reason.field for reason in refused.value.reasons} == {field}
    assert "violated" not in str(refused.value.reasons[0].message)
    assert not Entry.objects.exists()


def test_facts_are_corrected_and_states_are_not_facts():
    """R14: facts are kept current; what has a service of its own cannot be edited."""
    card = CardFactory()
    edit_facts(card_id=card.pk, changes={"location": "柜 B", "region": ""}, **BY)
    edit_facts(card_id=card.pk, changes={"location": "柜 B"}, **BY)
    card.refresh_from_db()
    assert (card.location, card.updated_at) == ("柜 B", FRIDAY)
    assert Entry.objects.get().data == {"fields": ["location"]}
    for name in ("service_state", "custody_state", "team", "holder", "iccid"):
        with pytest.raises(KeyError):
            edit_facts(card_id=card.pk, changes={name: None}, **BY)


def test_plan_and_contract_are_the_carriers_own():
    card = CardFactory()
    with pytest.raises(BadInput) as refused:
        edit_facts(card_id=card.pk, changes={"plan": RatePlanFactory(), "contract": ContractFactory()}, **BY)
    assert [reason.code for reason in refused.value.reasons] == ["plan_of_other_carrier", "contract_of_other_carrier"]
    edit_facts(card_id=card.pk, changes={"plan": RatePlanFactory(carrier=card.carrier)}, **BY)


def test_secrets_are_encrypted_and_journalled_by_name_only():
    """R24, R25, X16: PIN and PUK at rest are unreadable; a change moves the date."""
    card = CardFactory()
    set_secrets(card_id=card.pk, secrets={"pin1": "0042", "puk1": "01234567", "service_password": "secret"}, **BY)
    stored = CardSecret.objects.get()
    assert (stored.pin1, stored.puk1, stored.service_password, stored.changed_at) == (
        "0042",
        "01234567",
        "secret",
        FRIDAY,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pin1 || puk1 || service_password FROM cards_cardsecret")
        raw = cursor.fetchone()[0]
    assert not any(secret in raw for secret in ("0042", "01234567", "secret"))
    entry = Entry.objects.get()
    assert entry.data == {"fields": ["pin1", "puk1", "service_password"]}
    set_secrets(card_id=card.pk, secrets={"pin1": "0042"}, **BY)
    assert Entry.objects.count() == 1


def test_bad_secret_is_refused_without_being_repeated():
    with pytest.raises(BadInput) as refused:
        set_secrets(card_id=CardFactory().pk, secrets={"pin1": "9a9", "puk1": "7.7E+07"}, **BY)
    said = str(refused.value.as_json())
    assert {reason.field for reason in refused.value.reasons} == {"pin1", "puk1"}
    assert "9a9" not in said
    assert "7.7E+07" not in said
    assert not CardSecret.objects.exists()


def test_secret_is_revealed_to_the_right_person_for_a_reason(person):
    """R24: need to know, with a reason, on record."""
    card = CardFactory()
    set_secrets(card_id=card.pk, secrets={"pin1": "0042"}, **BY)
    asked = {"card": card, "now": FRIDAY}
    allowed = person("cards.reveal_secret")
    with pytest.raises(NotAllowed):
        reveal(**asked, field="pin1", actor=person(), reason="phone locked")
    with pytest.raises(BadInput):
        reveal(**asked, field="pin1", actor=allowed, reason=" ")
    for field in ("puk1", "card_id"):
        with pytest.raises(NotVisible):
            reveal(**asked, field=field, actor=allowed, reason="phone locked")
    assert not Entry.objects.filter(action="cards.secret_revealed").exists()
    assert reveal(**asked, field="pin1", actor=allowed, reason="phone locked") == "0042"
    entry = Entry.objects.get(action="cards.secret_revealed")
    assert (entry.actor, entry.reason, entry.data) == (allowed, "phone locked", {"field": "pin1"})

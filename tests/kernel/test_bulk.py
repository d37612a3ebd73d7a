"""Many rows in one statement are stored as one `save()` each would store them."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from cardfleet.journal.models import Entry
from cardfleet.kernel.bulk import insert_many
from cards.models import Card, CardSecret
from tests.conftest import FRIDAY
from tests.factories.cards import RECORDED, CardFactory, CarrierFactory

pytestmark = pytest.mark.django_db


def card(number: int, **facts) -> Card:
    """Return a card that is not stored yet."""
    moments = dict.fromkeys(("service_since", "custody_since", "created_at", "updated_at"), RECORDED)
    return Card(iccid=f"8986000000000000{number:04}", msisdn=f"+8613800000{number:03}", **moments, **facts)


def test_every_kind_of_value_is_stored_as_given(django_assert_num_queries):
    carrier = CarrierFactory()
    facts = {
        "purchase_price": Decimal("12.50"),
        "activated_on": date(2026, 1, 5),
        "hours_from": time(9, 30),
        "may_roam": True,
        "note": "引号 ' \" \\ 换行\n表情 😀",
        "reverify_due_at": FRIDAY,
    }
    rows = [card(1, carrier=carrier, **facts), card(2, carrier=carrier)]
    with django_assert_num_queries(1):
        insert_many(rows)
    for row in rows:
        assert not row._state.adding
        assert model_to_dict(Card.objects.get(pk=row.pk)) == model_to_dict(row)
    assert Card.objects.get(iccid=rows[0].iccid).pk == rows[0].pk


def test_encrypted_and_json_values_are_stored_as_their_fields_store_them():
    owner = CardFactory()
    insert_many([CardSecret(card=owner, pin1="0042")])
    assert CardSecret.objects.get().pin1 == "0042"
    assert CardSecret.objects.extra(select={"raw": "pin1"}).get().raw != "0042"
    insert_many([Entry(at=FRIDAY, action="a", subject="s", related=["x"], data={"k": [1, None]})])
    entry = Entry.objects.get()
    assert (entry.related, entry.data, entry.at) == (["x"], {"k": [1, None]}, FRIDAY)


def test_known_rows_get_the_named_fields_only():
    known = CardFactory(location="A", note="n")
    known.location, known.note = "B", "changed"
    insert_many([known], key="id", update=["location"])
    known.refresh_from_db()
    assert (known.location, known.note) == ("B", "n")


def test_a_broken_constraint_is_an_error_and_nothing_is_stored():
    carrier = CarrierFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([card(1, carrier=carrier), card(1, carrier=carrier)])
    assert not Card.objects.exists()


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_many([])

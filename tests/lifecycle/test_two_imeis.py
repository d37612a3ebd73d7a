"""Phones for two cards have a second IMEI: the first names the device, the second leads to it (R26, X5)."""

import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.tabular import open_table
from cards.errors import DeviceRefused
from cards.models import Card, Device
from cards.services.cards import register_card
from cards.services.devices import cards_held, edit_device, record_device, supersede_device
from lifecycle.exporters.devices import COLUMNS, device_rows
from lifecycle.importers.devices import read_devices
from lifecycle.selectors.devices import with_cards
from lifecycle.services.device_import import import_devices
from tests.cards.files import HEADER, iccid, load
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, CarrierFactory, DeviceFactory, imei_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
ONE, TWO, OTHER = (imei_of(number) for number in (701, 702, 703))


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def phone(team, now) -> Device:
    return record_device(facts={"imei": ONE, "imei2": TWO, "team": team}, actor=None, now=now)


@pytest.mark.parametrize("facts", [{"imei": TWO}, {"imei": OTHER, "imei2": TWO}, {"imei": OTHER, "imei2": ONE}])
def test_no_imei_is_of_two_devices(phone, facts, now):
    """Neither as the first nor as the second: refused by the service, and by the database where a rival was quicker."""
    with pytest.raises(BadInput):
        record_device(facts=facts, actor=None, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeviceFactory(**facts)


@pytest.mark.parametrize("second", [ONE, "123", imei_of(702)[:-1] + "x"])
def test_a_second_imei_is_one_and_another(second, now):
    with pytest.raises(BadInput):
        record_device(facts={"imei": ONE, "imei2": second}, actor=None, now=now)


def test_it_is_written_once_and_goes_with_the_device(phone, now):
    """X5: never edited; where the first was typed wrongly the second goes over to the new record."""
    plain = DeviceFactory(imei=OTHER)
    edit_device(device_id=plain.pk, changes={"imei2": imei_of(704)}, actor=None, now=now)
    with pytest.raises(BadInput):
        edit_device(device_id=plain.pk, changes={"imei2": ""}, actor=None, now=now)
    right = supersede_device(device_id=phone.pk, imei=imei_of(705), reason="typed wrongly", actor=None, now=now)
    phone.refresh_from_db()
    assert (right.imei2, phone.imei2) == (TWO, "")


def test_cards_named_by_the_second_are_in_the_device(phone, team, now):
    """A card entered by hand and one of a file, both with the second IMEI: the phone is full with them."""
    facts = {"carrier": CarrierFactory(), "device_imei": TWO}
    card = register_card(facts={**facts, "iccid": iccid(1), "msisdn": "13800138111"}, team=team, actor=None, now=now)
    lying = CardFactory(team=team)
    load((*HEADER, "IMEI"), (lying.iccid, lying.msisdn, lying.carrier.name, TWO))
    assert {*Card.objects.filter(pk__in=[card.pk, lying.pk]).values_list("device_imei", flat=True)} == {ONE}
    assert cards_held(phone.imeis) == with_cards(Device.objects.all()).get().cards_in == 2
    with pytest.raises(DeviceRefused) as refused:
        register_card(facts={**facts, "iccid": iccid(2), "msisdn": "13800138112"}, team=team, actor=None, now=now)
    assert refused.value.reasons[0].code == "device_full"


def test_file_page_and_api_carry_it(phone, team, client, now):
    """Exported, read again without a change, found by either IMEI, shown, and in the API."""
    [row] = device_rows(Device.objects.all())
    text = "\n".join([",".join(str(column.title) for column in COLUMNS), ",".join(map(str, row))])
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    back = import_devices(
        sheet=read_devices(open_table(io.BytesIO(text.encode()), "devices.csv")), actor=person, now=now
    )
    assert (back.unchanged, back.refused) == (1, [])
    client.force_login(person)
    assert TWO in client.get(reverse("lifecycle:device", args=[phone.pk])).content.decode()
    for imei in (ONE, TWO):
        [found] = client.get("/api/v1/devices/", {"imei": imei}).json()["results"]
        assert (found["imei"], found["imei2"]) == (ONE, TWO)
        assert client.get(reverse("lifecycle:devices"), {"search": imei}).context["page_obj"].paginator.count == 1

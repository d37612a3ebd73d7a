"""Cards in devices: bound, counted, approved, refused (R26, R33, R80, R88; X2, X5)."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput, NotVisible
from cardfleet.kernel.tabular import open_table
from cards.choices import DeviceState
from cards.errors import DeviceRefused
from cards.models import Card, CarrierRule, Device, DeviceUse
from cards.services.cards import edit_facts
from cards.services.device_cards import put_card_in, take_card_out
from cards.services.devices import adopt_phones, change_device_state, edit_device, record_device, supersede_device
from lifecycle.errors import RebindingRefused
from lifecycle.exporters.devices import COLUMNS, device_rows
from lifecycle.importers.devices import read_devices
from lifecycle.services.approvals import decide_approval
from lifecycle.services.device_import import import_devices
from lifecycle.services.rebinding import bind_card, swap_device
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, DeviceFactory, imei_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(reference, now):
    """A supervisor, a card and three phones of one team."""
    team = TeamFactory()
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    return person, CardFactory(team=team), [DeviceFactory(team=team) for _phone in range(4)]


def bind(card, device, now, actor=None, **kwargs):
    """Put a card in."""
    return bind_card(card_id=card.pk, device_id=device.pk, actor=actor, now=now, **kwargs)


def test_a_change_over_the_counter_waits_for_an_approval(desk, now) -> None:
    """R33, R88: each approval allows one change; the refused one changed nothing, and all are journalled."""
    person, card, phones = desk
    for hours, phone in enumerate(phones[:3]):
        bind(card, phone, now + timedelta(hours=hours), person)
    with pytest.raises(RebindingRefused) as refused:
        bind(card, phones[3], now + timedelta(hours=4), person)
    assert [reason.code for reason in refused.value.reasons] == ["imei_change"]
    assert Card.objects.get().device_imei == phones[2].imei
    decider = PersonFactory(role=Role.COMPLIANCE)
    rule = CarrierRule.objects.get(kind="imei_change")
    later = now + timedelta(hours=5)
    decide_approval(card_id=card.pk, rule_id=rule.pk, is_granted=True, note="维修换机", actor=decider, now=later)
    bind(card, phones[3], later + timedelta(hours=1), person)
    with pytest.raises(RebindingRefused):
        bind(card, phones[0], later + timedelta(hours=2), person)
    assert list(DeviceUse.objects.order_by("pk").values_list("imei", flat=True)) == [phone.imei for phone in phones]
    assert Entry.objects.filter(action="cards.card_put_in").count() == 4


def test_the_same_phone_again_is_no_change(desk, now) -> None:
    """R33, R88: a card taken out and put back was in one phone."""
    _person, card, (phone, *_others) = desk
    for hours in range(5):
        bind(card, phone, now + timedelta(hours=2 * hours))
        take_card_out(card_id=card.pk, actor=None, now=now + timedelta(hours=2 * hours + 1))
    assert DeviceUse.objects.count() == 5
    with pytest.raises(DeviceRefused):
        take_card_out(card_id=card.pk, actor=None, now=now + timedelta(days=1))


def test_a_gateway_is_refused_by_name_and_by_its_cards(desk, now) -> None:
    """R26, X2: GoIP, SIM banks and the like by kind and model; a third card at once by the slots of a phone."""
    _person, card, (phone, *_others) = desk
    for facts in ({"kind": "goip"}, {"model": "Dinstar UC2000"}, {"kind": "phone", "model": "8口猫池"}):
        with pytest.raises(DeviceRefused) as refused:
            record_device(facts={"imei": imei_of(90), **facts}, actor=None, now=now)
        assert refused.value.reasons[0].code == "banned_device"
    with pytest.raises(DeviceRefused):
        edit_device(device_id=phone.pk, changes={"model": "GoIP 16"}, actor=None, now=now)
    for other in (card, CardFactory()):
        put_card_in(card_id=other.pk, device_id=phone.pk, actor=None, now=now)
    with pytest.raises(DeviceRefused) as refused:
        put_card_in(card_id=CardFactory().pk, device_id=phone.pk, actor=None, now=now)
    assert refused.value.reasons[0].code == "device_full"
    with pytest.raises(DeviceRefused):
        edit_device(device_id=phone.pk, changes={"sim_slots": 1}, actor=None, now=now)


def test_an_imei_is_never_edited(desk, now) -> None:
    """X5: neither a device's nor a card's; one typed wrongly is recorded anew, and the wrong record names it."""
    _person, card, (phone, *_others) = desk
    for edit in (
        lambda: edit_device(device_id=phone.pk, changes={"imei": imei_of(91)}, actor=None, now=now),
        lambda: edit_facts(card_id=card.pk, changes={"device_imei": imei_of(91)}, actor=None, now=now),
    ):
        with pytest.raises(KeyError):
            edit()
    bind(card, phone, now)
    anew = {"device_id": phone.pk, "imei": imei_of(91), "actor": None, "now": now}
    with pytest.raises(DeviceRefused):
        supersede_device(**anew, reason="typed wrongly")
    take_card_out(card_id=card.pk, actor=None, now=now + timedelta(hours=1))
    with pytest.raises(BadInput):
        supersede_device(**anew, reason=" ")
    right = supersede_device(**anew, reason="typed wrongly")
    phone.refresh_from_db()
    assert (phone.state, phone.superseded_by, right.team) == (DeviceState.SUPERSEDED, right, phone.team)
    with pytest.raises(DeviceRefused):
        bind(card, phone, now + timedelta(hours=2))


def test_a_swap_moves_all_cards_or_none(desk, now) -> None:
    """R26: a broken phone's cards go into another one that is in order."""
    _person, card, (old, new, *_others) = desk
    second = CardFactory(team=card.team)
    for each in (card, second):
        bind(each, old, now)
    change_device_state(device_id=new.pk, to="repair", note="", actor=None, now=now)
    with pytest.raises(DeviceRefused):
        swap_device(device_id=old.pk, by_id=new.pk, actor=None, now=now + timedelta(hours=1))
    change_device_state(device_id=new.pk, to="ready", note="", actor=None, now=now)
    assert len(swap_device(device_id=old.pk, by_id=new.pk, actor=None, now=now + timedelta(hours=1))) == 2
    assert set(Card.objects.values_list("device_imei", flat=True)) == {new.imei}
    outside = Device.objects.visible_to(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    with pytest.raises(NotVisible):
        bind(card, old, now + timedelta(hours=2), devices=outside)


HEADER = "IMEI,类型,型号,班组,网络,卡槽,卡型,进网许可证号,状态,卡号"


def sheet(*lines: str):
    """Read a file of these lines."""
    return read_devices(open_table(io.BytesIO("\n".join([HEADER, *lines]).encode()), "devices.csv"))


def test_a_device_file_is_recorded_bound_and_refused_by_row(desk, now) -> None:
    """R26, R80: the same file again changes nothing; a gateway, a wrong IMEI and a third card are named by row."""
    person, card, _phones = desk
    full = ",".join(["{}", "手机", "Mate 60", card.team.name, "5G", "2", "Nano、eSIM", "02-5738", "正常", card.iccid])
    lines = [
        full.format(imei_of(500)),
        f"{imei_of(501)},猫池,,,,,,,,",
        "490154203237519,手机,,,,,,,,",
        f"{imei_of(502)},手机,GoIP-8,,,,,,,",
        f"{imei_of(503)},手机,,没有的班组,,,,,,",
    ]
    done = import_devices(sheet=sheet(*lines), actor=person, now=now)
    assert (done.created, done.bound) == (1, 1)
    assert [line.reasons[0].code for line in done.refused] == [
        "banned_device",
        "imei_unreadable",
        "banned_device",
        "unknown_team",
    ]
    device = Device.objects.get(imei=imei_of(500))
    assert (device.model, device.network, device.sim_forms, device.team) == (
        "Mate 60",
        "5g",
        ["esim", "nano"],
        card.team,
    )
    again = import_devices(sheet=sheet(lines[0]), actor=person, now=now + timedelta(hours=1))
    assert (again.created, again.updated, again.unchanged, again.bound) == (0, 0, 1, 0)
    row = next(device_rows(Device.objects.filter(pk=device.pk)))
    text = "\n".join([",".join(str(column.title) for column in COLUMNS), ",".join(map(str, row))])
    back = import_devices(
        sheet=read_devices(open_table(io.BytesIO(text.encode()), "devices.csv")), actor=person, now=now
    )
    assert (back.unchanged, back.refused) == (1, [])


def test_phones_known_from_cards_are_adopted(desk, now) -> None:
    """R26: what card files told; a device with three cards is left to be looked at."""
    person, card, _phones = desk
    Card.objects.filter(pk=card.pk).update(device_imei=imei_of(600), updated_at=now)
    for _card in range(3):
        CardFactory(team=card.team, device_imei=imei_of(601))
    assert adopt_phones(cards=Card.objects.visible_to(person), actor=person, now=now) == 1
    assert Device.objects.get(imei=imei_of(600)).team == card.team
    assert adopt_phones(cards=Card.objects.visible_to(person), actor=person, now=now) == 0


def test_the_pages_do_it_all(desk, client, django_assert_max_num_queries) -> None:
    """R26, R80, R88: record, put in with a warning, list, the card page's part, out, state, anew, files."""
    person, card, (phone, *_others) = desk
    client.force_login(person)
    facts = {"imei": imei_of(700), "kind": "phone", "team": card.team_id, "sim_slots": 2, "sim_forms": ["nano"]}
    assert client.post(reverse("lifecycle:device-record"), {**facts, "model": "GoIP"}).status_code == 422
    assert client.post(reverse("lifecycle:device-record"), facts).status_code == 302
    device = Device.objects.get(imei=imei_of(700))
    page = reverse("lifecycle:device", args=[device.pk])
    put_in = reverse("lifecycle:device-put-in", args=[device.pk])
    assert client.post(put_in, {"card": "nothing"}).status_code == 422
    assert client.post(put_in, {"card": card.iccid}).status_code == 302
    assert client.post(put_in, {"card": card.iccid}).status_code == 409
    assert client.get(page).context["page"].inside[0].warnings[0].code == "licence_missing"
    part = reverse("lifecycle:card-device", args=[card.pk])
    assert client.get(part).context["phones"].device == device
    into = reverse("lifecycle:card-put-in", args=[card.pk])
    assert client.post(into, {"device": "123"}).status_code == 422
    assert client.post(into, {"device": phone.imei}).context["phones"].device == phone
    assert client.post(reverse("lifecycle:device-swap", args=[phone.pk]), {"device": device.imei}).status_code == 302
    assert client.post(reverse("lifecycle:card-take-out", args=[card.pk])).status_code == 200
    anew = {"imei": imei_of(701), "reason": "typed wrongly"}
    assert client.post(reverse("lifecycle:device-anew", args=[device.pk]), anew).status_code == 302
    state = reverse("lifecycle:device-state", args=[phone.pk])
    assert client.post(state, {"to": "lost"}).status_code == 302
    edit = reverse("lifecycle:device-edit", args=[phone.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, {**facts, "model": "Redmi"}).status_code == 302
    assert client.post(reverse("lifecycle:devices-adopt")).status_code == 302
    with django_assert_max_num_queries(12):
        listed = client.get(reverse("lifecycle:devices"), {"search": "Redmi", "state": "lost"})
    assert [row.pk for row in listed.context["page_obj"]] == [phone.pk]
    assert client.get(reverse("lifecycle:devices"), {"state": "x"}).status_code == 400
    export = reverse("lifecycle:devices-export")
    assert b"IMEI" in client.get(export).getvalue()
    assert client.get(export, {"as": "xlsx"}).content[:2] == b"PK"


def test_a_sent_file_is_a_job(desk, client) -> None:
    """R26: refused rows come back as a file."""
    person, _card, _phones = desk
    client.force_login(person)
    file = io.BytesIO(f"{HEADER}\n{imei_of(800)},手机,,,,,,,,\n{imei_of(801)},猫池,,,,,,,,\n".encode())
    file.name = "devices.csv"
    assert client.post(reverse("lifecycle:devices-import"), {"file": file}).status_code == 302
    job = Job.objects.get(kind="lifecycle.devices")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.succeeded, job.refused) == (1, 1)
    assert job.result_file is not None


def test_the_api_records_and_binds(desk) -> None:
    """R26, R33: as the pages; an IMEI that is sent with a change is refused."""
    person, card, (phone, *_others) = desk
    api = APIClient()
    api.force_authenticate(person)
    made = api.post("/api/v1/devices/", {"imei": imei_of(900), "kind": "phone", "model": "Mate"}, format="json")
    assert (made.status_code, made.data["team"], made.data["cards"]) == (201, person.team_id, 0)
    banned = api.post("/api/v1/devices/", {"imei": imei_of(901), "kind": "猫池"}, format="json")
    assert (banned.status_code, banned.data["details"][0]["code"]) == (409, "banned_device")
    path = f"/api/v1/devices/{made.data['id']}/"
    refused = api.post(f"{path}change/", {"imei": imei_of(902), "licence_no": "02-1"}, format="json")
    assert (refused.status_code, [detail["field"] for detail in refused.data["details"]]) == (400, ["imei"])
    changed = api.post(f"{path}change/", {"licence_no": "02-1"}, format="json")
    assert (changed.data["imei"], changed.data["licence_no"]) == (imei_of(900), "02-1")
    bound = api.post(f"{path}bind/", {"card": card.pk}, format="json")
    assert (bound.status_code, bound.data["cards"], bound.data["warnings"]) == (200, 1, [])
    assert api.post(f"/api/v1/devices/{phone.pk}/unbind/", {"card": card.pk}, format="json").status_code == 409
    assert api.post(f"{path}unbind/", {"card": card.pk}, format="json").data["cards"] == 0
    assert api.post(f"{path}state/", {"to": "repair"}, format="json").data["state"] == "repair"
    anew = api.post(f"{path}supersede/", {"imei": imei_of(903), "reason": "typed wrongly"}, format="json")
    assert (anew.status_code, anew.data["imei"]) == (201, imei_of(903))
    assert len(api.get("/api/v1/devices/", {"state": "superseded"}).data["results"]) == 1

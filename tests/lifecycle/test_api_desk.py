"""What the desk does with hand-outs, reservations, documents and leavers, and agents with own cards, over the API."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from agents.models import Assignment, Handover, LeavingTask, Reservation
from agents.rules.gates import parse_gates
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.kernel.clock import business_day
from cards.models import CarrierRule, Device, DeviceUse
from lifecycle.choices import AlertKind
from lifecycle.models import Alert, Case
from lifecycle.services.handout import Wanted, hand_out
from lifecycle.services.leavers import look_after_leavers
from tests.asking import fields, post, signed_in
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, LeavingFactory, hand_over, train
from tests.factories.cards import CardFactory, DeviceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = business_day(FRIDAY)
TOMORROW = str(TODAY + timedelta(days=1))


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def supervisor(team):
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


@pytest.fixture
def desk(supervisor) -> APIClient:
    """A supervisor of the team."""
    return signed_in(supervisor)


@pytest.fixture
def agent(team):
    return train(AgentFactory(user__team=team, user__role=Role.AGENT))


@pytest.fixture
def card(team):
    return CardFactory(team=team)


def test_an_agent_reports_own_cards_and_nobody_elses(desk, team, agent):
    """R32, R52, R78: what a report on My cards opens; another's card is as if it were not, the office opens cases."""
    lost, broken, mute = (hand_over(CardFactory(team=team), agent).card for _each in range(3))
    other = hand_over(CardFactory(team=team), AgentFactory(user__team=team)).card
    mine = signed_in(agent.user)
    early = (FRIDAY - timedelta(hours=2)).isoformat()
    fault = {"fault": "no_signal", "area": "rural"}
    post(mine, f"cards/{other.pk}/loss", status=404)
    post(desk, f"cards/{lost.pk}/loss", status=403)
    ahead = {"noticed_at": (FRIDAY + timedelta(hours=2)).isoformat()}
    post(mine, f"cards/{lost.pk}/loss", ahead, status=409)
    assert fields(post(mine, f"cards/{broken.pk}/fault", {"fault": "no_signal"}, status=400)) == ["area"]
    opened = [
        post(mine, f"cards/{lost.pk}/loss", {"reason": "stolen", "noticed_at": early}, status=201),
        post(mine, f"cards/{broken.pk}/fault", fault, status=201),
        post(mine, f"cards/{mute.pk}/stopped", {"note": "No tone"}, status=201),
    ]
    assert [(one["card"], one["kind"], one["source"]) for one in opened] == [
        (lost.pk, "loss", "agent"),
        (broken.pk, "fault", "agent"),
        (mute.pk, "suspension", "agent"),
    ]
    assert (opened[0]["facts"]["minutes_to_report"], opened[1]["facts"]["area"]) == (120, "rural")
    broken.refresh_from_db()
    assert (broken.custody_state, Case.objects.count()) == ("faulty", 3)


def test_what_a_rule_asks_is_decided_by_compliance_alone(desk):
    """R12, R101: the decision holds for the card and the version; a supervisor may not make it."""
    card, rule = CardFactory(industry="贷款"), CarrierRule.objects.get(kind="industry_ban")
    said = {"rule": rule.pk, "is_granted": True, "note": "Answer of 10086 in writing", "until": TOMORROW}
    officer = signed_in(PersonFactory(role=Role.COMPLIANCE))
    post(desk, f"cards/{card.pk}/approvals", said, status=403)
    late = said | {"until": "2026-01-01"}
    assert fields(post(officer, f"cards/{card.pk}/approvals", late, status=400)) == ["until"]
    made = post(officer, f"cards/{card.pk}/approvals", said, status=201)
    assert (made["card"], made["rule"], made["is_granted"], made["until"]) == (card.pk, rule.pk, True, TOMORROW)


def test_an_act_is_undone_whole_an_agent_reminded_and_a_return_dated(desk, supervisor, team, agent):
    """R11: from any receipt of the act; at most one reminder an hour; no day that is over."""
    cards = [CardFactory(team=team).pk for _each in range(2)]
    wanted = Wanted(card_ids=cards, agent_id=agent.pk)
    hand_out(wanted=wanted, actor=supervisor, now=FRIDAY, gates=parse_gates({}))
    held, receipt = Assignment.objects.first(), Handover.objects.get()
    assert post(desk, f"assignments/{held.pk}/return-day", {"due_back_on": TOMORROW})["due_back_on"] == TOMORROW
    over = {"due_back_on": "2026-01-01"}
    assert fields(post(desk, f"assignments/{held.pk}/return-day", over, status=400)) == ["due_back_on"]
    assert post(desk, f"assignments/{held.pk}/return-day", {"due_back_on": None}, format="json")["due_back_on"] is None
    assert post(desk, f"assignments/{held.pk}/remind")["id"] == held.pk
    post(desk, f"assignments/{held.pk}/remind", status=409)
    for stranger in (PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()), agent.user):
        refused = 403 if stranger == agent.user else 404
        for deed in (f"assignments/{held.pk}/remind", f"handovers/{receipt.pk}/undo"):
            post(signed_in(stranger), deed, {"reason": "x"}, status=refused)
    undone = post(desk, f"handovers/{receipt.pk}/undo", {"reason": "Wrong team"})
    assert undone == [{"card": card, "refused": None, "warnings": []} for card in cards]
    post(desk, f"handovers/{receipt.pk}/undo", {"reason": "Again"}, status=400)
    assert not Assignment.objects.open().exists()


def test_cards_are_reserved_all_or_none_and_let_go(desk, team, agent, card):
    """R11: by key or by number, for an agent or a team, never both; whose a card is then is named."""
    said = {"starts_on": str(TODAY), "ends_on": TOMORROW}
    kept = post(desk, "reservations", said | {"cards": [f"iccid:{card.iccid}"], "agent": agent.pk}, status=201)
    assert [(one["card"], one["agent"], one["team"]) for one in kept] == [(card.pk, agent.pk, None)]
    taken = post(desk, "reservations", said | {"cards": [card.pk], "team": team.pk}, status=409)
    assert agent.user.name in taken["details"][0]["message"]
    both = said | {"cards": [card.pk], "agent": agent.pk, "team": team.pk}
    assert fields(post(desk, "reservations", both, status=400)) == ["agent"]
    assert fields(post(desk, "reservations", said | {"count": 5, "team": team.pk}, status=400)) == ["count"]
    post(desk, "reservations", said | {"cards": [CardFactory().pk], "team": team.pk}, status=404)
    post(signed_in(agent.user), "reservations", said | {"cards": [card.pk], "agent": agent.pk}, status=403)
    assert Reservation.objects.count() == 1
    one = kept[0]["id"]
    assert post(desk, f"reservations/{one}/cancel")["end"] == "cancelled"
    post(desk, f"reservations/{one}/cancel", status=409)
    assert desk.get("/api/v1/reservations/", {"open": "true"}).json()["results"] == []
    assert len(desk.get("/api/v1/reservations/", {"card": card.pk}).json()["results"]) == 1


def test_a_document_is_taken_away_once(desk, card, agent):
    """As on the card's page: what is another team's is not there."""
    sent = {"card": card.pk, "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    document = post(desk, "documents", sent, status=201, format="multipart")["id"]
    stranger = signed_in(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    answers = [
        who.post(f"/api/v1/documents/{document}/remove/") for who in (signed_in(agent.user), stranger, desk, desk)
    ]
    assert [answer.status_code for answer in answers] == [403, 404, 204, 404]
    assert desk.get("/api/v1/documents/", {"card": card.pk}).json()["results"] == []


def test_a_leaving_is_wound_up_and_its_alerts_end_with_it(desk, agent):
    """R76: what is left is named; once nothing is, the alert about the card is gone with the leaving's end."""
    card = hand_over(CardFactory(team=agent.user.team), agent).card
    leaving = LeavingFactory(agent=agent, leaves_on=TODAY - timedelta(days=1))
    LeavingTask.objects.create(leaving=leaving, kind="claims", due_on=leaving.leaves_on)
    look_after_leavers(today=TODAY, now=FRIDAY)
    assert Alert.objects.open().get(card=card).kind == AlertKind.LEAVER
    finish = f"leavings/{leaving.pk}/finish"
    codes = [one["code"] for one in post(desk, finish, status=409)["details"]]
    assert {"undone_return", "undone_claims"} <= set(codes)
    post(desk, f"cards/{card.pk}/return", {"condition": "good"})
    other = LeavingFactory(agent__user__team=agent.user.team)
    claims = leaving.tasks.get(kind="claims").pk
    post(desk, f"leavings/{other.pk}/tasks/{claims}/complete", {"note": "x"}, status=404)
    for task in leaving.tasks.filter(done_at=None).exclude(kind="return"):
        told = post(desk, f"leavings/{leaving.pk}/tasks/{task.pk}/complete", {"note": "Paid out"})
    assert told["finished_at"] is None
    assert Alert.objects.open().filter(kind=AlertKind.LEAVER).exists()
    assert post(desk, finish)["finished_at"]
    assert not Alert.objects.open().filter(kind=AlertKind.LEAVER).exists()


def test_cards_are_shared_out_as_planned_and_taken_back_in_one(desk, supervisor, team, agent):
    """R11, R73: a plan hands nothing out; of what was planned a gate may still refuse one; one undo for all."""
    untrained = AgentFactory(user__team=team)
    cards = [CardFactory(team=team) for _each in range(2)]
    plan = desk.get("/api/v1/handovers/distribution/", {"team": team.pk, "count": 1}).json()
    shares = {share["agent"]: (share["is_trained"], share["cards"]) for share in plan["shares"]}
    assert (plan["in_stock"], shares[untrained.pk]) == (2, (False, []))
    assert shares[agent.pk] == (True, [cards[0].pk])
    assert not Assignment.objects.exists()
    assert signed_in(agent.user).get("/api/v1/handovers/distribution/").status_code == 403
    pairs = [{"card": card.pk, "agent": one.pk} for card, one in zip(cards, (agent, untrained), strict=True)]
    asked = {"pairs": pairs, "due_back_on": TOMORROW}
    post(signed_in(agent.user), "handovers/distribution", asked, status=403)
    assert fields(post(desk, "handovers/distribution", {"pairs": []}, status=400)) == ["pairs"]
    done, refused = post(desk, "handovers/distribution", asked)
    assert (done["agent"], done["rows"][0]["refused"]) == (agent.pk, None)
    assert (refused["receipt"], refused["rows"][0]["refused"]["code"]) == (None, "handout_refused")
    assert Assignment.objects.get().due_back_on == TODAY + timedelta(days=1)
    post(desk, f"handovers/{done['receipt']}/undo", {"reason": "Wrong team"})
    assert not Assignment.objects.open().exists()


def test_files_of_cards_and_devices_are_taken_by_jobs(desk, agent, team, card):
    """R26, R63, R80: as on their pages; what is no table is refused at once, another's trial is not there."""
    table = f"ICCID,手机号,运营商\n{card.iccid},{card.msisdn},{card.carrier.name}\n".encode()
    asked = {"dry_run": True, "team": team.pk}
    none = asked | {"file": SimpleUploadedFile("cards.xlsx", b"PK\x03\x04 no table")}
    post(desk, "cards/imports", none, status=400, format="multipart")
    sent = asked | {"file": SimpleUploadedFile("cards.csv", table)}
    post(signed_in(agent.user), "cards/imports", sent, status=403, format="multipart")
    sent["file"].seek(0)
    tried = post(desk, "cards/imports", sent, status=202, format="multipart")
    assert Job.objects.get(pk=tried["id"]).params["dry_run"] is True
    stranger = signed_in(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    post(stranger, f"cards/imports/{tried['id']}/for-real", status=404)
    done = post(desk, f"cards/imports/{tried['id']}/for-real", status=202)
    assert Job.objects.get(pk=done["id"]).params["dry_run"] is False
    devices = SimpleUploadedFile("devices.csv", "IMEI,型号\n490154203237518,X\n".encode())
    taken = post(desk, "devices/imports", {"file": devices}, status=202, format="multipart")
    assert (taken["kind"], Job.objects.get(pk=taken["id"]).params) == ("lifecycle.devices", {"name": "devices.csv"})
    post(desk, f"cards/imports/{taken['id']}/for-real", status=404)


def test_phones_are_adopted_and_their_cards_put_into_another(desk, agent, team, card):
    """R26, R33: what cards in scope are in becomes known; all cards of a device go into another in scope."""
    DeviceUse.objects.create(card=card, imei="490154203237518", since=FRIDAY - timedelta(days=40))
    outside = DeviceFactory()
    post(signed_in(agent.user), "devices/adopt", status=403)
    assert [post(desk, "devices/adopt")["recorded"] for _each in range(2)] == [1, 0]
    known, other = Device.objects.get(imei="490154203237518"), DeviceFactory(team=team)
    swap = f"devices/{known.pk}/swap"
    assert fields(post(desk, swap, {"device": outside.pk}, status=400)) == ["device"]
    post(desk, f"devices/{outside.pk}/swap", {"device": other.pk}, status=404)
    assert [one["card"] for one in post(desk, swap, {"device": other.pk})] == [card.pk]
    assert DeviceUse.objects.get(card=card, until=None).imei == other.imei

"""The real-name desk over the API: sanctions, the yearly checks of IDs, the copies kept of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.models import Sanction
from tests.asking import fields, post, signed_in
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, IdCheckFactory, RegistrantFactory, SanctionFactory, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def desk(team) -> APIClient:
    """A supervisor of the team."""
    return signed_in(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))


@pytest.fixture
def officer() -> APIClient:
    return signed_in(PersonFactory(role=Role.COMPLIANCE))


def test_a_sanction_is_recorded_and_lifted(officer, desk, team):
    """R23, R74: for its usual length where no end is said; who leads cards reads it and may not change it."""
    person = PersonFactory(team=team)
    said = {"person": person.pk, "basis": "police", "source": "公函 2026-17", "starts_on": "2026-10-01"}
    made = post(officer, "sanctions", said, status=201)
    assert (made["person"], made["registrant"], made["ends_on"]) == (person.pk, None, "2028-10-01")
    both = said | {"registrant": RegistrantFactory().pk, "ends_on": "2026-09-01"}
    post(officer, "sanctions", both, status=400)
    assert fields(post(officer, "sanctions", said | {"starts_on": "2030-01-01"}, status=400)) == ["starts_on"]
    assert fields(post(officer, "sanctions", said | {"basis": "carrier"}, status=400)) == ["ends_on"]
    post(desk, "sanctions", said, status=403)
    over = SanctionFactory(person=person, ends_on="2026-01-31")
    listed = {
        asked: [one["id"] for one in desk.get("/api/v1/sanctions/", {"in_force": asked}).json()["results"]]
        for asked in ("true", "false")
    }
    assert listed == {"true": [made["id"]], "false": [over.pk]}
    lift = f"sanctions/{made['id']}/lift"
    post(desk, lift, {"reason": "Appeal"}, status=403)
    assert fields(post(officer, lift, {"reason": " "}, status=400)) == ["reason"]
    assert post(officer, lift, {"reason": "Appeal granted"})["lifted_why"] == "Appeal granted"
    post(officer, lift, {"reason": "Again"}, status=409)
    assert Sanction.objects.in_force(FRIDAY.date()).count() == 0


def test_each_answers_for_the_own_id_and_a_difference_is_settled(desk, team):
    """R85: counts alone; another's check is as if it were not, and its difference is seen to by who leads them."""
    person = PersonFactory(role=Role.AGENT, team=team)
    agent, check = signed_in(person), IdCheckFactory(person=person)
    other = IdCheckFactory(person=PersonFactory(role=Role.AGENT, team=team))
    CardFactory(team=team, registrant=RegistrantFactory(staff=person, kind="person"))
    assert [one["id"] for one in agent.get("/api/v1/id-checks/mine/").json()["results"]] == [check.pk]
    assert agent.get("/api/v1/id-checks/").status_code == desk.get("/api/v1/id-checks/mine/").status_code == 403
    said = {"checked_on": str(FRIDAY.date()), "found": 3, "foreign": 1}
    post(agent, f"id-checks/{other.pk}/answer", said, status=404)
    assert fields(post(agent, f"id-checks/{check.pk}/answer", said | {"foreign": 4}, status=400)) == ["foreign"]
    answered = post(agent, f"id-checks/{check.pk}/answer", said)
    assert (answered["found"], answered["known"], answered["foreign"]) == (3, 1, 1)
    post(agent, f"id-checks/{check.pk}/answer", said, status=409)
    unsettled = desk.get("/api/v1/id-checks/", {"unsettled": "true", "year": 2026}).json()["results"]
    unanswered = desk.get("/api/v1/id-checks/", {"answered": "false"}).json()["results"]
    assert ([one["id"] for one in unsettled], [one["id"] for one in unanswered]) == ([check.pk], [other.pk])
    settle = f"id-checks/{check.pk}/settle"
    post(agent, settle, {"note": "x"}, status=403)
    assert post(desk, settle, {"note": "The number is cancelled"})["settled_at"]
    post(desk, settle, {"note": "Again"}, status=409)
    post(desk, f"id-checks/{IdCheckFactory(person=PersonFactory()).pk}/settle", {"note": "x"}, status=404)


def test_a_copy_of_an_id_is_kept_listed_and_deleted_and_never_answered(officer, desk):
    """R23: pictures alone, of which the API tells name, kind and size."""
    registrant = RegistrantFactory()
    copies = f"registrants/{registrant.pk}/copies"
    text, image = (SimpleUploadedFile("id.png", content) for content in (b"no picture", picture()))
    post(officer, copies, {"file": text}, status=400, format="multipart")
    post(desk, copies, {"file": image}, status=403, format="multipart")
    image.seek(0)
    kept = post(officer, copies, {"file": image}, status=201, format="multipart")
    assert (kept["name"], kept["content_type"]) == ("id.png", "image/png")
    assert desk.get(f"/api/v1/{copies}/").json() == [kept]
    remove = f"/api/v1/{copies}/{kept['id']}/remove/"
    assert desk.post(remove).status_code == 403
    assert (officer.post(remove).status_code, officer.post(remove).status_code) == (204, 404)
    assert desk.get(f"/api/v1/{copies}/").json() == []
    post(officer, f"{copies}/no-copy/remove", status=404)
    assert Entry.objects.filter(action="cards.id_copy_kept", subject=f"cards.registrant:{registrant.pk}").count() == 1

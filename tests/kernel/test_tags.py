"""Entity tags: what is known is not sent again, and nobody writes over what somebody else changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cards.models import Tag
from lifecycle.models import NumberReviewPlan
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AbsenceFactory, AgentFactory
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

REVIEWS = "/api/v1/number-reviews/"


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_authenticate(PersonFactory(is_superuser=True))
    return client


@pytest.fixture
def plan(api) -> str:
    return f"{REVIEWS}{api.post(REVIEWS, {'industry': 'finance', 'every_days': 30}).json()['id']}/"


THINGS = {"cards": CardFactory, "alerts": AlertFactory, "agents": AgentFactory, "absences": AbsenceFactory}


@pytest.mark.parametrize(("path", "factory"), THINGS.items())
def test_what_is_known_is_not_sent_again(api, path, factory) -> None:
    address = f"/api/v1/{path}/{factory().pk}/"
    first, second = api.get(address), api.get(address)
    tag = first["ETag"]
    assert tag == second["ETag"]
    assert tag.startswith('"')
    for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        answer = api.get(address, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    for other in ('"x"', "", "rubbish", tag.strip('"')):
        assert api.get(address, headers={"If-None-Match": other}).status_code == 200


def test_a_list_and_an_error_have_no_tag(api) -> None:
    assert "ETag" not in api.get("/api/v1/cards/")
    assert "ETag" not in api.get("/api/v1/cards/9999/")


def test_the_tag_is_of_the_answer_in_its_language(api) -> None:
    address = f"/api/v1/alerts/{AlertFactory().pk}/"
    tags = {api.get(address, headers={"Accept-Language": language})["ETag"] for language in ("en", "zh-Hans")}
    assert len(tags) == 2


def test_an_edit_of_what_was_read_is_done_and_a_stale_one_is_not(api, plan) -> None:
    tag = api.get(plan)["ETag"]
    assert api.patch(plan, {"every_days": 40}, headers={"If-Match": tag}).status_code == 200
    late = api.patch(plan, {"every_days": 50}, headers={"If-Match": tag, "Accept-Language": "en"})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert late.json()["message"].startswith("This was changed after you read it.")
    assert NumberReviewPlan.objects.get(industry="finance").every_days == 40


@pytest.mark.parametrize(
    ("header", "status"), [("*", 200), ('"x"', 412), ("rubbish", 412), ("W/{}", 412), ('"x", {}', 200)]
)
def test_what_if_match_may_say(api, plan, header, status) -> None:
    seen = header.format(api.get(plan)["ETag"])
    assert api.patch(plan, {"every_days": 40}, headers={"If-Match": seen}).status_code == status


def test_deeds_heed_it_too_and_hold_the_row_first(api) -> None:
    card = CardFactory()
    address = f"/api/v1/cards/{card.pk}/"
    tag = api.get(address)["ETag"]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = api.post(f"{address}tags/", {"add": ["a"]}, headers={"If-Match": tag})
    assert answer.status_code == 200
    locked = [number for number, query in enumerate(asked) if "FOR UPDATE" in query["sql"]]
    written = [number for number, query in enumerate(asked) if query["sql"].startswith("INSERT")]
    assert locked[0] < written[0]
    assert api.post(f"{address}tags/", {"add": ["b"]}, headers={"If-Match": tag}).status_code == 412
    assert not Tag.objects.filter(name="b").exists()


def test_what_is_not_in_sight_is_not_there_whatever_was_seen(api) -> None:
    assert api.patch(f"{REVIEWS}9999/", {}, headers={"If-Match": "*"}).status_code == 404


def test_the_same_write_again_is_answered_again_although_it_changed_what_was_seen(api, plan) -> None:
    headers = {"If-Match": api.get(plan)["ETag"], "Idempotency-Key": "k"}
    first, again = (api.patch(plan, {"every_days": 40}, headers=headers) for _time in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (200, first.json())

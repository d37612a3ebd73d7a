"""How often a token may ask, what is told of it, and what is compressed."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse

from cardfleet.accounts.services.access import issue_token
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

CARDS = "/api/v1/cards/"


def caller(now, **headers: str) -> Client:
    token, _expiry = issue_token(person=PersonFactory(is_superuser=True), now=now)
    return Client(headers={"Authorization": f"Token {token}", **headers})


def test_a_token_that_asks_too_often_is_told_when_it_may_again(now, settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 2
    hasty, calm = caller(now, **{"Accept-Language": "en"}), caller(now)
    answers = [hasty.get(CARDS) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit"].split(";")[1] for answer in answers] == ["r=1", "r=0", "r=0"]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"minute";q=2;w=60'}
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert (answers[2].json()["code"], answers[2].json()["details"]) == ("throttled", [])
    assert calm.get(CARDS).status_code == 200


def test_a_dialler_is_always_answered(now, settings) -> None:
    """A dialler asks before every call of 10,000 agents; what it is refused goes the ordinary way."""
    settings.API_REQUESTS_A_MINUTE = 1
    dialler, path = caller(now), f"{CARDS}{CardFactory().pk}/can-call/"
    answers = [dialler.get(path) for _time in range(3)]
    assert [(answer.status_code, answer.get("RateLimit")) for answer in answers] == [(200, None)] * 3


def test_a_limit_of_none_counts_nothing(now, settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 0
    answer = caller(now).get(CARDS)
    assert (answer.status_code, answer.get("RateLimit")) == (200, None)


def test_everybody_may_pass_where_nobody_can_count(now, settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert caller(now).get("/api/v1/tags/").status_code == 200


def test_lists_are_compressed_where_the_caller_reads_it_and_pages_never(now) -> None:
    CardFactory.create_batch(10)
    api = caller(now, **{"Accept-Encoding": "gzip"})
    packed = api.get(CARDS)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content).startswith(b'{"results"')
    assert "Accept-Encoding" in packed["Vary"]
    assert "Content-Encoding" not in caller(now).get(CARDS)
    browser = Client(headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in browser.get(reverse("account_login"))


def test_what_an_edit_may_name_keeps_its_strong_tag(now) -> None:
    answer = caller(now, **{"Accept-Encoding": "gzip"}).get(f"{CARDS}{CardFactory().pk}/")
    assert answer["ETag"].startswith('"')
    assert "Content-Encoding" not in answer

"""The inbox."""

import pytest
from django.utils.translation import gettext_lazy as _

from cardfleet.notify import wording
from cardfleet.notify.models import InboxItem
from cardfleet.notify.services import tell
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(wording._wordings, "tests.hello", wording.Wording(_("Sign out"), "{name}"))
    person = PersonFactory(language="en")
    client.force_login(person)
    return person


def told(person, now, key: str = "k", url: str = "") -> InboxItem:
    tell(user=person, code="tests.hello", params={"name": "<b>x</b>"}, key=key, url=url, now=now)
    return InboxItem.objects.first()


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_is_worded_for_its_reader_at_a_fixed_cost(
    count: int, person, client, now, django_assert_num_queries
) -> None:
    for number in range(count):
        told(person, now, key=str(number))
    told(PersonFactory(), now)
    with django_assert_num_queries(6):
        text = client.get("/inbox/").text
    assert text.count("Sign out</strong>") == count
    assert text.count("&lt;b&gt;x&lt;/b&gt;") == count, "what somebody typed is not run"


def test_a_line_that_is_opened_is_read(person, client, now) -> None:
    item = told(person, now, url="/cards/7/")
    assert ">1<" in client.get("/inbox/unread/").text
    assert client.post(f"/inbox/{item.pk}/")["Location"] == "/cards/7/"
    assert client.get("/inbox/unread/").text.strip() == ""
    evil = told(person, now, key="evil", url="https://evil.cn/")
    assert client.post(f"/inbox/{evil.pk}/")["Location"] == "/inbox/"


def test_all_are_read_at_once_and_nobody_elses(person, client, now) -> None:
    told(person, now)
    other = told(PersonFactory(), now)
    client.post("/inbox/")
    assert list(InboxItem.objects.unread()) == [other]
    assert client.post(f"/inbox/{other.pk}/").status_code == 404
    client.logout()
    assert client.get("/inbox/").status_code == 302

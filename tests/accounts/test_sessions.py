"""Sessions: listed with what they are of, noted in use, ended by their person or by who looks after them."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from cardfleet.accounts.choices import Role
from cardfleet.accounts.devices import device_of
from cardfleet.accounts.errors import AlreadyLeft, NotYourself, OutranksYou
from cardfleet.accounts.selectors import open_sessions
from cardfleet.accounts.services import access, passwords, sessions
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.retention import categories
from tests.factories.accounts import PASSWORD, PersonFactory, TeamFactory, session_of

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0 Safari/537.36 Edg/125.0"
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "MicroMessenger/8.0.49 NetType/WIFI"
)
MINE = "/people/me/sessions/"


def signed_in(person, user_agent: str = EDGE) -> Client:
    """Sign in on the page, as a browser does."""
    client = Client(headers={"User-Agent": user_agent})
    assert client.post("/account/login/", {"login": person.staff_no, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    """Tell whether a browser's session opens something still."""
    return client.get("/people/me/").status_code == 200


@pytest.mark.parametrize(
    ("told", "device"),
    [(EDGE, "Edge · Windows"), (WECHAT, "WeChat Browser · iOS"), ("curl/8.5.0", "curl"), ("x" * 4000, ""), ("", "")],
)
def test_a_device_is_named_by_what_it_says(told: str, device: str) -> None:
    assert device_of(told) == device


def test_the_page_lists_this_session_first_and_only_ones_own(django_assert_num_queries) -> None:
    person = PersonFactory()
    other = signed_in(person, WECHAT)
    here = signed_in(person)
    session_of(PersonFactory(), user_agent=EDGE)
    expired = session_of(person)
    Session.objects.filter(pk=expired.session_key).update(expire_date=timezone.now())
    rows = here.get(MINE).context["rows"]
    assert [(row.device, row.is_this) for row in rows] == [("Edge · Windows", True), ("WeChat Browser · iOS", False)]
    assert rows[0].address == "127.0.0.1"
    assert is_in(other)


@pytest.mark.parametrize("count", [1, 3])
def test_however_many_there_are_they_are_read_at_once(count: int, django_assert_num_queries) -> None:
    person = PersonFactory()
    for _ in range(count):
        session_of(person)
    with django_assert_num_queries(1):
        assert len(open_sessions(person, key=None, now=timezone.now())) == count


def test_one_of_them_is_ended_at_once() -> None:
    person = PersonFactory()
    lost, here = signed_in(person, WECHAT), signed_in(person)
    row = next(row for row in here.get(MINE).context["rows"] if not row.is_this)
    assert here.post(reverse("accounts:session-end", args=[row.pk]))["Location"] == MINE
    assert (is_in(lost), is_in(here)) == (False, True)
    entry = Entry.objects.first()
    assert (entry.action, entry.actor, entry.data) == ("accounts.sessions_ended", person, {"count": 1})
    assert here.post(reverse("accounts:session-end", args=[row.pk])).status_code == 404


def test_nobody_ends_anothers(now) -> None:
    theirs = session_of(PersonFactory())
    with pytest.raises(NotVisible):
        sessions.end_session(session_id=theirs.pk, person=PersonFactory(), now=now)
    assert Session.objects.filter(pk=theirs.session_key).exists()
    assert not Entry.objects.exists()


def test_all_others_are_ended_and_this_one_stays() -> None:
    person, stranger = PersonFactory(), session_of(PersonFactory())
    lost, here = signed_in(person, WECHAT), signed_in(person)
    session_of(person)
    here.post(reverse("accounts:sessions-end-others"))
    assert (is_in(lost), is_in(here)) == (False, True)
    assert Entry.objects.first().data == {"count": 2}
    here.post(reverse("accounts:sessions-end-others"))
    assert Entry.objects.filter(action="accounts.sessions_ended").count() == 1, "nothing ended, nothing said"
    assert Session.objects.filter(pk=stranger.session_key).exists()


def test_who_looks_after_somebody_signs_them_out_everywhere(reference) -> None:
    team = TeamFactory()
    agent, supervisor = PersonFactory(role=Role.AGENT, team=team), PersonFactory(role=Role.SUPERVISOR, scope=team)
    theirs, desk = signed_in(agent), signed_in(supervisor)
    access.issue_token(person=agent, now=timezone.now())
    assert 'data-dialog="sign-out"' in desk.get(reverse("accounts:person", args=[agent.pk])).content.decode()
    desk.post(reverse("accounts:sign-out-everywhere", args=[agent.pk]))
    assert (is_in(theirs), is_in(desk), AuthToken.objects.count()) == (False, True, 0)
    entry = Entry.objects.first()
    assert (entry.action, entry.data) == ("accounts.signed_out_everywhere", {"count": 1, "tokens": 1})
    assert is_in(signed_in(agent)), "they may sign in again"


def test_signing_out_is_refused_upwards_to_oneself_and_for_leavers(reference, now) -> None:
    supervisor, finance = PersonFactory(role=Role.SUPERVISOR), PersonFactory(role=Role.FINANCE)
    kept = [session_of(supervisor), session_of(finance)]
    for refusal, person in (
        (OutranksYou, finance),
        (NotYourself, supervisor),
        (AlreadyLeft, PersonFactory(role=Role.AGENT, is_active=False)),
    ):
        with pytest.raises(refusal):
            sessions.sign_out_everywhere(person=person, actor=supervisor, now=now)
    assert Session.objects.filter(pk__in=[one.session_key for one in kept]).count() == 2


@pytest.mark.parametrize("deed", [access.deactivate, passwords.reset_password])
def test_sessions_are_gone_with_access_and_with_a_new_password(deed, now) -> None:
    """R76: what a leaver had open ends at once, not when it is next looked at."""
    person = PersonFactory()
    session_of(person)
    deed(person=person, actor=None, now=now)
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_a_password_one_chose_ends_the_sessions_too() -> None:
    person, new = PersonFactory(), "an-other-long-one"
    other, here = signed_in(person, WECHAT), signed_in(person)
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert not is_in(other)
    assert not is_in(here)


def test_use_is_noted_every_five_minutes(time_machine, django_assert_num_queries) -> None:
    begun = timezone.now()
    time_machine.move_to(begun, tick=False)
    client = signed_in(PersonFactory())
    for minutes, noted in ((1, 0), (4, 0), (5, 5), (8, 5), (10, 10)):
        time_machine.move_to(begun + timedelta(minutes=minutes), tick=False)
        client.get("/people/me/", headers={"X-Forwarded-For": "198.51.100.9"})
        assert UserSession.objects.get().last_seen_at == begun + timedelta(minutes=noted)
    assert UserSession.objects.get().ip == "127.0.0.1", "no proxy of ours stands in front: what it says is not believed"


def test_rows_of_sessions_that_are_gone_go_with_them(time_machine) -> None:
    person = PersonFactory()
    gone, alive = session_of(person, seen_at=timezone.now() - timedelta(days=3)), session_of(person)
    Session.objects.filter(pk=gone.session_key).delete()
    categories()["sign_ins"].drop(timezone.localdate(), timezone.now())
    assert list(UserSession.objects.all()) == [alive]

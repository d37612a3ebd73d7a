"""People: made, changed, given roles, and shut out at once when they leave."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from knox.models import AuthToken

from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import AlreadyLeft, NotYourself, OutranksYou, StaffNumberTaken, StillHere
from cardfleet.accounts.models import User
from cardfleet.accounts.services import access, passwords, people
from cardfleet.journal.models import Entry
from tests.factories.accounts import PASSWORD, PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db


def entries():
    return Entry.objects.filter(action__startswith="accounts.").order_by("id")


def actions() -> list[str]:
    return list(entries().values_list("action", flat=True))


def test_a_person_is_made_with_a_one_time_password(reference, now) -> None:
    team = TeamFactory()
    person, password = people.create_person(
        name=" 欧阳娜娜 ", staff_no="A017", roles=[Role.AGENT], team=team, actor=None, now=now
    )
    person.refresh_from_db()
    assert (person.name, person.name_pinyin, person.name_initials) == ("欧阳娜娜", "ouyangnana", "oynn")
    assert (person.username, person.must_change_password, person.is_staff) == ("A017", True, False)
    assert person.check_password(password)
    assert person.role_names == {Role.AGENT}
    entry = entries().get()
    assert (entry.action, entry.data) == ("accounts.person_created", {"team": team.pk, "roles": ["agent"]})


def test_a_one_time_password_is_hashed_quickly_and_a_chosen_one_slowly(settings, now) -> None:
    """A file of 500 people takes seconds: random bits need few rounds; who signs in is hashed anew with all."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    person, password = people.create_person(name="王芳", staff_no="A018", actor=None, now=now)
    assert int(person.password.split("$")[1]) == passwords.OneTimeHasher.iterations
    assert authenticate(username="A018", password=password) == person
    person.refresh_from_db()
    assert int(person.password.split("$")[1]) == PBKDF2PasswordHasher.iterations


@pytest.mark.parametrize("taken", ["a017", "A017", "zhang"])
def test_a_staff_number_is_taken_whatever_its_case_or_place(taken: str, now) -> None:
    PersonFactory(username="ZHANG", staff_no="a017")
    with pytest.raises(StaffNumberTaken):
        people.create_person(name="x", staff_no=taken, actor=None, now=now)
    assert User.objects.count() == 1
    assert actions() == []


def test_a_person_needs_a_number_or_a_user_name(now) -> None:
    with pytest.raises(StaffNumberTaken):
        people.create_person(name="x", actor=None, now=now)


def test_changes_name_only_what_changed(now) -> None:
    person = PersonFactory(name="张三", staff_no="A1")
    facts = {"name": "张四", "staff_no": "A1", "mobile": "", "email": ""}
    people.change_person(person=person, **facts, actor=None, now=now)
    people.change_person(person=person, **facts, actor=None, now=now)
    person.refresh_from_db()
    assert person.name_initials == "zs"
    assert [entry.data for entry in Entry.objects.all()] == [{"fields": ["name"]}]


def test_only_administrators_act_on_more_than_agents(reference, now) -> None:
    supervisor = PersonFactory(role=Role.SUPERVISOR)
    admin = PersonFactory(role=Role.ADMIN)
    agent, finance = PersonFactory(role=Role.AGENT), PersonFactory(role=Role.FINANCE)
    passwords.reset_password(person=agent, actor=supervisor, now=now)
    passwords.reset_password(person=finance, actor=admin, now=now)
    for deed in (
        lambda: passwords.reset_password(person=finance, actor=supervisor, now=now),
        lambda: passwords.reset_password(person=PersonFactory(is_superuser=True), actor=admin, now=now),
        lambda: access.deactivate(person=admin, actor=supervisor, now=now),
        lambda: people.set_roles(person=agent, roles=[Role.ADMIN], actor=supervisor, now=now),
        lambda: people.create_person(name="x", staff_no="x", roles=[Role.FINANCE], actor=supervisor, now=now),
    ):
        with pytest.raises(OutranksYou):
            deed()
    assert actions() == ["accounts.password_reset"] * 2


def test_nobody_acts_on_themselves(reference, now) -> None:
    admin = PersonFactory(role=Role.ADMIN)
    for deed in (
        lambda: passwords.reset_password(person=admin, actor=admin, now=now),
        lambda: access.deactivate(person=admin, actor=admin, now=now),
        lambda: people.set_roles(person=admin, roles=[], actor=admin, now=now),
    ):
        with pytest.raises(NotYourself):
            deed()


def test_roles_bring_entry_to_the_administration(reference, now) -> None:
    person = PersonFactory(role=Role.AGENT)
    person = people.set_roles(person=person, roles=[Role.FINANCE], actor=None, now=now)
    assert (person.role_names, person.is_staff) == ({"finance"}, True)
    person = people.set_roles(person=person, roles=[Role.SUPERVISOR], actor=None, now=now)
    assert not User.objects.get(pk=person.pk).is_staff
    assert Entry.objects.first().data == {"from": ["finance"], "to": ["supervisor"]}


def test_a_new_password_ends_sessions_and_tokens(client, now) -> None:
    person = PersonFactory()
    client.force_login(person)
    access.issue_token(person=person, now=now)
    password = passwords.reset_password(person=person, actor=None, now=now)
    assert not AuthToken.objects.exists()
    assert "_auth_user_id" not in client.get("/account/login/").wsgi_request.session
    person.refresh_from_db()
    assert person.must_change_password
    assert authenticate(None, username=person.username, password=password) == person
    assert password not in str(Entry.objects.values_list("data", "reason"))


def test_a_leaver_is_shut_out_at_once_and_stays_out(client, now) -> None:
    """R76: on leaving, sign-in, sessions and tokens end at once, and no old session wakes up again."""
    person = PersonFactory()
    client.force_login(person)
    access.issue_token(person=person, now=now)
    access.deactivate(person=person, reason="离职", actor=None, now=now)
    assert not AuthToken.objects.exists()
    assert authenticate(None, username=person.username, password=PASSWORD) is None
    assert not client.get("/account/login/").wsgi_request.user.is_authenticated
    assert Entry.objects.first().reason == "离职"

    person, password = access.reactivate(person=person, actor=None, now=now)
    assert not client.get("/account/login/").wsgi_request.user.is_authenticated
    assert authenticate(None, username=person.username, password=PASSWORD) is None
    assert authenticate(None, username=person.username, password=password) == person
    person.refresh_from_db()
    assert person.left_on is None


def test_leaving_and_returning_twice_is_refused(now) -> None:
    person = PersonFactory()
    with pytest.raises(StillHere):
        access.reactivate(person=person, actor=None, now=now)
    access.deactivate(person=person, actor=None, now=now)
    with pytest.raises(AlreadyLeft):
        access.deactivate(person=person, actor=None, now=now)
    with pytest.raises(AlreadyLeft):
        passwords.reset_password(person=person, actor=None, now=now)


def test_tokens_are_hashed_and_expire(settings, now) -> None:
    settings.API_TOKEN_HOURS = 2
    token, expiry = access.issue_token(person=PersonFactory(), now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM knox_authtoken t")
        stored = cursor.fetchone()[0]
    assert token not in stored
    assert AuthToken.objects.get().expiry == expiry
    assert expiry - AuthToken.objects.get().created <= timedelta(hours=2, seconds=1)


def test_pinyin_finds_people(now) -> None:
    """Agents are found by staff number, name or pinyin initials."""
    people.create_person(name="欧阳娜娜", staff_no="A017", actor=None, now=now)
    people.create_person(name="张伟", staff_no="B018", actor=None, now=now)
    for text in ("oyn", "OUYANG", "a01", "欧阳", "娜"):
        assert [person.staff_no for person in User.objects.matching(text)] == ["A017"], text
    assert User.objects.matching("").count() == 2

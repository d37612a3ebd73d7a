"""Accounts of programs: no password, tokens alone, and somebody who answers for each."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import OwnerUnfit, ServiceAccount, StaffNumberTaken
from cardfleet.accounts.models import TokenTerms, User
from cardfleet.accounts.services.access import deactivate, issue_token, reactivate
from cardfleet.accounts.services.passwords import reset_password
from cardfleet.accounts.services.service_accounts import create_service_account, pass_service_account
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotAllowed
from cardfleet.notify.models import InboxItem
from lifecycle.services.service_accounts import tell_of_unanswered_accounts
from tests.accounts.test_tokens import TEAMS, TOKENS, by
from tests.factories.accounts import PASSWORD, PersonFactory, ServiceAccountFactory, TeamFactory, sign_in_freshly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def boss():
    return PersonFactory(role=Role.ADMIN)


@pytest.fixture
def owner():
    return PersonFactory(role=Role.SUPERVISOR)


@pytest.fixture
def account(boss, owner):
    return create_service_account(
        name="外呼系统",
        username="dialler",
        roles=[Role.SUPERVISOR],
        scopes=[TeamFactory()],
        owner=owner,
        actor=boss,
        now=timezone.now(),
    )


def token_for(account, actor) -> str:
    return issue_token(person=account, actor=actor, now=timezone.now())[0]


def test_it_has_role_and_scope_of_its_own_and_is_told_apart(account, owner) -> None:
    """R12, R14: the journal says that a program did it."""
    token = token_for(account, owner)
    assert len(by(token).get(TEAMS).json()["results"]) == 1
    assert by(token).post(TOKENS, {"name": "more"}).status_code == 201
    assert str(Entry.objects.filter(actor=account).first().actor) == "外呼系统（服务账号）"


def test_nobody_signs_in_to_it(account, boss, now) -> None:
    assert authenticate(None, username="dialler", password=PASSWORD) is None
    with pytest.raises(ServiceAccount):
        reset_password(person=account, actor=boss, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=account.pk).update(password="pbkdf2_sha256$1")
    deactivate(person=account, actor=boss, now=now)
    with pytest.raises(ServiceAccount):
        reactivate(person=account, actor=boss, now=now)


def test_who_issues_its_tokens(account, owner, boss) -> None:
    """R12: who answers for it, and administrators; an administrator makes none for a person."""
    assert token_for(account, boss)
    for actor, person in ((PersonFactory(role=Role.SUPERVISOR), account), (boss, owner)):
        with pytest.raises(NotAllowed):
            token_for(person, actor)


def test_its_tokens_end_when_its_owner_leaves_and_administrators_are_told_once(account, owner, boss, now) -> None:
    """R76: who left knows them. Passed on before, they go on."""
    kept = ServiceAccountFactory(role=Role.SUPERVISOR, owner=owner)
    tokens = [token_for(account, owner), token_for(kept, owner)]
    pass_service_account(account_id=kept.pk, owner=boss, actor=boss, now=now)
    deactivate(person=owner, actor=boss, now=now)
    assert [by(token).get(TEAMS).status_code for token in tokens] == [401, 200]
    account.refresh_from_db()
    with pytest.raises(OwnerUnfit):
        token_for(account, boss)
    told = [tell_of_unanswered_accounts(now=now) for _time in range(2)]
    assert told[0] == {"unanswered": 1, "told": 1}
    assert [item.user for item in InboxItem.objects.filter(code="lifecycle.account_unanswered")] == [boss]
    pass_service_account(account_id=account.pk, owner=boss, actor=boss, now=now)
    assert tell_of_unanswered_accounts(now=now)["unanswered"] == 0
    assert token_for(account, boss)


@pytest.mark.parametrize("owner_is", ["a leaver", "a program"])
def test_somebody_who_works_here_answers_for_it(owner_is: str, account, boss, now) -> None:
    unfit = ServiceAccountFactory() if owner_is == "a program" else PersonFactory(is_active=False)
    with pytest.raises(OwnerUnfit):
        pass_service_account(account_id=account.pk, owner=unfit, actor=boss, now=now)


def test_its_name_is_taken_once(account, owner, boss, now) -> None:
    with pytest.raises(StaffNumberTaken):
        create_service_account(name="x", username="DIALLER", roles=[], owner=owner, actor=boss, now=now)


def test_programs_are_told_nothing(account) -> None:
    """A message to a program is one that nobody reads."""
    assert account not in User.objects.with_right("accounts.view_team")


def test_on_the_pages(client, owner, boss) -> None:
    sign_in_freshly(client, boss)
    page = reverse("accounts:services")
    wrong = client.post(page, {"name": "CRM", "username": "c r m", "role": "supervisor", "owner": owner.pk})
    assert wrong.status_code == 422
    client.post(page, {"name": "CRM", "username": "crm", "role": "supervisor", "owner": owner.pk})
    account = User.objects.get(username="crm")
    assert (account.owner, account.role_names) == (owner, {"supervisor"})
    sign_in_freshly(client, owner)
    issue = reverse("accounts:service-token", args=[account.pk])
    assert issue in client.get(reverse("accounts:my-tokens")).content.decode()
    made = client.post(issue, {"name": "sync", "days": 5})
    assert by(made.context["token"]).get(TEAMS).status_code == 200
    assert "sync" in client.get(reverse("accounts:my-tokens")).content.decode()
    client.post(reverse("accounts:token-end", args=[TokenTerms.objects.get().pk]))
    assert by(made.context["token"]).get(TEAMS).status_code == 401
    sign_in_freshly(client, boss)
    client.post(reverse("accounts:service-owner", args=[account.pk]), {"owner": boss.pk})
    account.refresh_from_db()
    assert account.owner == boss


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many(count: int, client, boss, django_assert_num_queries) -> None:
    for _time in range(count):
        ServiceAccountFactory(role=Role.SUPERVISOR)
    sign_in_freshly(client, boss)
    client.get(reverse("accounts:services"))
    with django_assert_num_queries(7):
        assert len(client.get(reverse("accounts:services")).context["rows"]) == count

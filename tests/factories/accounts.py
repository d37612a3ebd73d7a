"""People and teams: the least that is valid."""

from datetime import datetime, timedelta

import factory
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factory.django import DjangoModelFactory

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Delegation, ScopeGrant, Team, TokenTerms, User
from cardfleet.accounts.roles import STAFF
from cardfleet.accounts.services.access import issue_token

PASSWORD = "tests-know-this-one"


class TeamFactory(DjangoModelFactory):
    """A team on its own, or under `parent`."""

    class Meta:
        model = Team
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Team {number}")

    @factory.post_generation
    def path(self, create, extracted, **kwargs):
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.save(update_fields=["path"])


class PersonFactory(DjangoModelFactory):
    """A person without a role; give `role=Role.SUPERVISOR` (needs the `reference` fixture) and `scope=team`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    name = factory.Sequence(lambda number: f"Person {number}")
    staff_no = factory.Sequence(lambda number: f"S{number:05}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def role(self, create, extracted: Role | None, **kwargs):
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))
            self.is_staff = extracted in STAFF
            self.save(update_fields=["is_staff"])

    @factory.post_generation
    def scope(self, create, extracted: Team | None, **kwargs):
        if extracted:
            ScopeGrant.objects.create(user=self, team=extracted)


class ServiceAccountFactory(PersonFactory):
    """A program's account, without a role; its owner is a person without one."""

    owner = factory.SubFactory(PersonFactory)
    staff_no = None
    password = factory.LazyFunction(lambda: make_password(None))


def token_of(person) -> TokenTerms:
    """Issue a token by the real clock and return its terms."""
    issue_token(person=person, now=timezone.now())
    return TokenTerms.objects.latest("pk")


def session_of(person, *, user_agent: str = "", seen_at: datetime | None = None) -> UserSession:
    """Begin a session of a person by the real clock, as the sign-in page does."""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return UserSession.objects.create(
        user=person,
        session_key=store.session_key,
        ip="203.0.113.7",
        user_agent=user_agent,
        last_seen_at=seen_at or timezone.now(),
    )


def sign_in_freshly(client: Client, person) -> None:
    """Sign somebody in who has just proven anew who they are."""
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


class DelegationFactory(DjangoModelFactory):
    """A team lent by who sees it to another, from an hour ago until tomorrow, by the real clock."""

    class Meta:
        model = Delegation

    giver = factory.SubFactory(PersonFactory)
    receiver = factory.SubFactory(PersonFactory)
    team = factory.SubFactory(TeamFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))
    reason = "holiday"
    given_at = factory.SelfAttribute("starts_at")

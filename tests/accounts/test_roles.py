"""Roles are groups that the reference data keeps equal to what the apps grant."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured

from cardfleet.accounts import roles
from cardfleet.accounts.choices import Role
from cardfleet.accounts.reference import load_roles
from cardfleet.accounts.roles import rights
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


def test_loading_twice_mends_what_somebody_changed(now) -> None:
    load_roles(now=now)
    admin = Group.objects.get(name=Role.ADMIN)
    admin.permissions.clear()
    Group.objects.get(name=Role.AGENT).permissions.add(Permission.objects.first())
    load_roles(now=now)
    for role in Role:
        group = Group.objects.get(name=role)
        assert {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()} == rights(role)


def test_the_administrator_has_every_right_and_an_agent_no_administration(reference) -> None:
    assert set.union(*(set(rights(role)) for role in Role)) == rights(Role.ADMIN)
    assert not PersonFactory(role=Role.AGENT).has_perm("accounts.view_user")


def test_a_right_that_no_model_has_is_named(monkeypatch: pytest.MonkeyPatch, now) -> None:
    monkeypatch.setitem(roles._rights, Role.AGENT, {"cards.fly"})
    with pytest.raises(ImproperlyConfigured, match=r"cards\.fly"):
        load_roles(now=now)

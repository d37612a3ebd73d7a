"""People with the rights the tests of cards need."""

import pytest
from django.contrib.auth.models import Group, Permission

from cardfleet.accounts.models import User
from tests.factories.cards import CarrierFactory


@pytest.fixture
def mobile(db):
    """China Mobile, as files name it."""
    return CarrierFactory(code="cmcc", name="中国移动", aliases=["移动"])


@pytest.fixture
def person(db):
    """Make a person with the permissions named as `app_label.codename`."""

    def make(*permissions: str) -> User:
        user = User.objects.create(username=f"person{User.objects.count()}", name="王芳")
        role = Group.objects.create(name=f"role of {user.username}")
        user.groups.add(role)
        for permission in permissions:
            app_label, codename = permission.split(".")
            role.permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))
        return user

    return make

"""People with the rights the tests of cards need."""

import pytest
from django.contrib.auth.models import Permission

from cardfleet.accounts.models import User


@pytest.fixture
def person(db):
    """Make a person with the permissions named as `app_label.codename`."""

    def make(*permissions: str) -> User:
        user = User.objects.create(username=f"person{User.objects.count()}", name="王芳")
        for permission in permissions:
            app_label, codename = permission.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))
        return user

    return make

"""How a person proves who they are: staff number, user name or a name nobody else has, and a password."""

from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpRequest

from cardfleet.accounts.models import SOMEBODY, User
from cardfleet.accounts.querysets import of_a_request
from cardfleet.accounts.selectors import person_called, signs_in_elsewhere
from cardfleet.kernel.compiled import columns_of, made_of, rows_of, words_of


class StaffBackend(ModelBackend):
    """Signs people in; permissions come from their role groups."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_kwargs: Any
    ) -> User | None:
        """Return the active person, or None; an unknown name takes as long as a wrong password."""
        if not username or not password:
            return None
        person = person_called(username)
        if person is None:
            User().set_password(password)
            return None
        fits = person.check_password(password)
        return person if fits and not signs_in_elsewhere(person) else None

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session with their roles, rights and teams in sight, in one statement."""
        for row in rows_of(_words(), {"person": user_id}):
            columns = iter(row)
            person = made_of(User, columns)
            person.role_names, person.rights = frozenset(next(columns)), frozenset(next(columns))
            person.sight = next(columns)
            return person if self.user_can_authenticate(person) else None
        return None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the rights of the person's roles as `app.codename`: none are given to a person alone, or by object."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return set(user_obj.rights)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Tell whether one of the person's roles has a right."""
        return bool(user_obj.is_active and not user_obj.is_anonymous and obj is None and perm in user_obj.rights)


@cache
def _words() -> str:
    """Return the statement: asked on every request, so in words."""
    roles = ArraySubquery(Group.objects.filter(user=OuterRef("pk")).order_by().values("name"))
    people = User.objects.filter(pk=SOMEBODY).order_by()
    found = people.values_list(*columns_of(User), roles, *of_a_request("pk").values())
    return words_of(found, {SOMEBODY: "person"})

"""How a person proves who they are: staff number, user name or a name nobody else has, and a password."""

from typing import Any, cast

from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value
from django.http import HttpRequest

from cardfleet.accounts.models import User
from cardfleet.accounts.selectors import person_called, signs_in_elsewhere


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
        """Return the person of a session with the names of their roles, in one statement."""
        roles = ArrayAgg("groups__name", filter=Q(groups__isnull=False), default=Value([]))
        person: Any = User.objects.annotate(roles=roles).filter(pk=user_id).first()
        if person is None or not self.user_can_authenticate(person):
            return None
        person.role_names = frozenset(person.roles)
        return cast("User", person)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the rights of the person's roles as `app.codename`: none are given to a person alone, or by object."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return set(user_obj.rights)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Tell whether one of the person's roles has a right."""
        return bool(user_obj.is_active and not user_obj.is_anonymous and obj is None and perm in user_obj.rights)

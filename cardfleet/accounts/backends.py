"""How a person proves who they are: staff number, user name or a name nobody else has, and a password."""

import unicodedata
from functools import cache
from typing import Any, cast

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest

from cardfleet.accounts.models import User
from cardfleet.accounts.selectors import person_called
from cardfleet.kernel.compiled import rows_of, words_of

SOMEBODY = -1_000_001


@cache
def _rights() -> str:
    held = Permission.objects.filter(group__user=SOMEBODY).order_by()
    return words_of(held.values_list("content_type__app_label", "codename"), {SOMEBODY: "person"})


class StaffBackend(ModelBackend):
    """Signs people in; permissions come from their role groups."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_kwargs: Any
    ) -> User | None:
        """Return the active person, or None; an unknown name takes as long as a wrong password."""
        if not username or not password:
            return None
        person = person_called(unicodedata.normalize("NFKC", username).strip())
        if person is None:
            User().set_password(password)
            return None
        return person if person.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session with the names of their roles, in one statement."""
        roles = ArrayAgg("groups__name", filter=Q(groups__isnull=False), default=Value([]))
        person: Any = User.objects.annotate(roles=roles).filter(pk=user_id).first()
        if person is None or not self.user_can_authenticate(person):
            return None
        person.role_names = frozenset(person.roles)
        return cast("User", person)

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the rights of the person's roles as `app.codename`; one statement a request, already in words."""
        if not user_obj.is_active or obj is not None:
            return set()
        if not hasattr(user_obj, "_rights"):
            user_obj._rights = {f"{app}.{name}" for app, name in rows_of(_rights(), {"person": user_obj.pk})}  # noqa: SLF001
        rights: set[str] = user_obj._rights  # noqa: SLF001
        return rights

    def _get_user_permissions(self, _user: User) -> QuerySet[Permission]:
        """Return none: rights come from roles only, so that asking for them is one statement."""
        return Permission.objects.none()

"""Reads about people that more than one edge needs."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from cardfleet.accounts import roles
from cardfleet.accounts.choices import Role
from cardfleet.accounts.devices import device_of
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Text
from cardfleet.kernel.rights import words_of


@dataclass(frozen=True, kw_only=True)
class Right:
    """A right in words, and which roles have it."""

    code: str
    label: str
    roles: frozenset[Role]


@dataclass(frozen=True, kw_only=True)
class Area:
    """The rights over one part of CardFleet."""

    label: Text
    rights: Sequence[Right]


def rights_by_area(role: Role | None = None) -> list[Area]:
    """Return every right that a role has, in words, by the part of CardFleet it is about; of one role when named."""
    granted = {code: frozenset(roles.roles_with(code)) for code in roles.rights(role or Role.ADMIN)}
    areas: dict[str, list[Right]] = {}
    for right in rights_called(granted):
        areas.setdefault(right.code.partition(".")[0], []).append(right)
    return [Area(label=apps.get_app_config(name).verbose_name, rights=found) for name, found in sorted(areas.items())]


def areas_in_words() -> dict[str, str]:
    """Return the areas that a token may be for, in words."""
    return {label: str(apps.get_app_config(label).verbose_name) for label in roles.areas()}


def rights_called(granted: Iterable[str]) -> list[Right]:
    """Return rights (`app.codename`) in words, by app and what they are about."""
    wanted = set(granted)
    known = Permission.objects.select_related("content_type").order_by(
        "content_type__app_label", "content_type__model", "codename"
    )
    found = ((f"{one.content_type.app_label}.{one.codename}", one) for one in known)
    return [
        Right(code=code, label=words_of_right(one), roles=frozenset(roles.roles_with(code)))
        for code, one in found
        if code in wanted
    ]


def words_of_right(right: Permission) -> str:
    """Return a right in words; one of a model that is gone by the name it was stored under."""
    model = right.content_type.model_class()
    return (words_of(model, right.codename) if model else "") or _(right.name)


def plain(text: str) -> str:
    """Return what was typed as it is compared: full-width letters are letters, and blanks around it nothing."""
    return unicodedata.normalize("NFKC", text).strip()


def person_called(text: str) -> User | None:
    """Return the one active person with this staff number, else user name, else name, whatever the letter case.

    None when nobody is called so, and when two people share the name: then only the number tells who is meant.
    """
    text = plain(text)
    for field in ("staff_no", "username", "name"):
        found = list(User.objects.active().filter(**{f"{field}__iexact": text})[:2])
        if found:
            return found[0] if len(found) == 1 else None
    return None


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A session that opens something: on what device, from which address, since when, last in use when (UTC)."""

    pk: int
    device: str
    address: str
    begun_at: datetime
    seen_at: datetime
    is_this: bool


def open_sessions(person: User, *, key: str | None, now: datetime) -> list[OpenSession]:
    """Return the person's sessions, the one with the `key` first, then the last used; at most 100."""
    alive = Session.objects.filter(expire_date__gt=now).values("pk")
    found = UserSession.objects.filter(user=person, session_key__in=alive).order_by("-last_seen_at")[:100]
    sessions = [
        OpenSession(
            pk=one.pk,
            device=device_of(one.user_agent),
            address=one.ip,
            begun_at=one.created_at,
            seen_at=one.last_seen_at,
            is_this=one.session_key == key,
        )
        for one in found
    ]
    return sorted(sessions, key=lambda one: not one.is_this)


def signs_in_elsewhere(person: User) -> bool:
    """Tell whether the person signs in by the company's own sign-in alone (OIDC_PASSWORDS)."""
    company = settings.COMPANY_SIGN_IN
    if company is None or company.passwords:
        return False
    return bool(SocialAccount.objects.filter(user=person, provider=company.issuer).exists())


def has_second_factor(person: User) -> bool:
    """Tell whether the person signs in with a one-time code as well."""
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


def needs_second_factor(person: User) -> bool:
    """Tell whether a role named in MFA_ROLES obliges the person to a second factor; a superuser is an administrator."""
    if not settings.MFA_ROLES:
        return False
    if person.is_superuser and Role.ADMIN in settings.MFA_ROLES:
        return True
    return not person.role_names.isdisjoint(settings.MFA_ROLES)

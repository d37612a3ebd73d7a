"""Reads about people that more than one edge needs."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User


def person_called(text: str) -> User | None:
    """Return the one active person with this staff number, else user name, else name, whatever the letter case.

    None when nobody is called so, and when two people share the name: then only the number tells who is meant.
    """
    for field in ("staff_no", "username", "name"):
        found = list(User.objects.active().filter(**{f"{field}__iexact": text})[:2])
        if found:
            return found[0] if len(found) == 1 else None
    return None


def has_second_factor(person: User) -> bool:
    """Tell whether the person signs in with a one-time code as well."""
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


def needs_second_factor(person: User) -> bool:
    """Tell whether a role named in MFA_ROLES obliges the person to a second factor; a superuser is an administrator."""
    if not settings.MFA_ROLES:
        return False
    if person.is_superuser and Role.ADMIN in settings.MFA_ROLES:
        return True
    return person.groups.filter(name__in=settings.MFA_ROLES).exists()

"""What every deed done to a person asks first."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import AlreadyLeft, NotYourself, OutranksYou, PersonErased, ServiceAccount
from cardfleet.accounts.models import User
from cardfleet.accounts.rules import is_subordinate


def locked(person: User) -> User:
    """Lock the person's row and return it fresh. PersonErased: nothing is done to somebody who was erased."""
    fresh: User = User.objects.locked().get(pk=person.pk)
    if fresh.erased_at:
        raise PersonErased
    return fresh


def refuse_outranking(actor: User | None, person: User) -> None:
    """Refuse a deed on somebody whose role is not below the actor's; the system may do all."""
    if actor is None or actor.is_superuser:
        return
    if person.is_superuser:
        raise OutranksYou
    if not actor.has_perm("accounts.change_user") and not is_subordinate(person.role_names):
        raise OutranksYou


def refuse_self(actor: User | None, person: User) -> None:
    """Refuse a deed on oneself."""
    if actor is not None and actor.pk == person.pk:
        raise NotYourself


def refuse_left(person: User) -> None:
    """Refuse a deed on a leaver."""
    if not person.is_active:
        raise AlreadyLeft


def refuse_unentitled(actor: User | None, roles: list[Role]) -> None:
    """Refuse to give somebody a role above one's own: only administrators make anything but agents."""
    if actor is None or actor.is_superuser or actor.has_perm("accounts.change_user"):
        return
    if not is_subordinate(roles):
        raise OutranksYou


def refuse_service(person: User) -> None:
    """Refuse what has a password as its end."""
    if person.is_service:
        raise ServiceAccount

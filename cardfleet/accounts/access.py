"""Who asks: the signed-in person behind a request of a page or of the API."""

from typing import Protocol

from django.core.exceptions import PermissionDenied

from cardfleet.accounts.models import User


class Asked(Protocol):
    """A request that has a user, Django's or DRF's."""

    @property
    def user(self) -> object: ...


def person_of(request: Asked) -> User:
    """Return the signed-in person; PermissionDenied when nobody is, which a guarded view never lets happen."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user

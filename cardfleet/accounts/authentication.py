"""API tokens: `Authorization: Token ...`, hashed at rest and expiring (django-rest-knox)."""

from django.utils import timezone
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.models import AuthToken

from cardfleet.accounts.errors import PasswordChangeDue
from cardfleet.accounts.models import User


class PersonTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """A token of an active person who holds no one-time password."""

    def validate_user(self, auth_token: AuthToken) -> tuple[User, AuthToken]:
        """Return the token's person; AuthenticationFailed for a leaver, PasswordChangeDue with a one-time one."""
        person, token = super().validate_user(auth_token)
        if person.must_change_password:
            raise PasswordChangeDue
        return person, token

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Tell whether the token expired; a person's expired tokens are removed when a new one is issued."""
        return bool(auth_token.expiry and auth_token.expiry < timezone.now())


class PersonTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """The token in the API's schema."""

    target_class = "cardfleet.accounts.authentication.PersonTokenAuthentication"
    name = "token"

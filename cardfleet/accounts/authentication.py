"""API tokens: `Authorization: Token ...`, hashed at rest and expiring (django-rest-knox)."""

import binascii
from base64 import b64decode
from datetime import datetime, timedelta

from django.utils import timezone
from drf_spectacular.authentication import BasicScheme
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.authentication import get_authorization_header
from rest_framework.request import Request

from cardfleet.accounts.errors import PasswordChangeDue
from cardfleet.accounts.models import User
from cardfleet.accounts.services.access import NOTED_EVERY, note_token_use

# When this process last wrote down that a token was used: no statement is sent within the minute.
_NOTED: dict[str, datetime] = {}
NOTED_AT_MOST = 10_000


class PersonTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """A token of an active person who holds no one-time password."""

    def validate_user(self, auth_token: AuthToken) -> tuple[User, AuthToken]:
        """Return the token's person; AuthenticationFailed for a leaver, PasswordChangeDue with a one-time one."""
        person, token = super().validate_user(auth_token)
        if person.must_change_password:
            raise PasswordChangeDue
        _note_use(token, timezone.now())
        return person, token

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Tell whether the token expired; a person's expired tokens are removed when a new one is issued."""
        return bool(auth_token.expiry and auth_token.expiry < timezone.now())


def _note_use(token: AuthToken, now: datetime) -> None:
    last = _NOTED.get(token.digest)
    if last and timedelta(0) <= now - last < NOTED_EVERY:
        return
    if len(_NOTED) >= NOTED_AT_MOST:
        _NOTED.clear()
    _NOTED[token.digest] = now
    note_token_use(token=token, now=now)


class PasswordTokenAuthentication(PersonTokenAuthentication):
    """The token as the password of HTTP Basic, under any name: for switches that can send nothing else."""

    def authenticate(self, request: Request) -> tuple[User, AuthToken] | None:
        """Return the token's person; None where the request brings no Basic credentials with a token."""
        kind, _space, given = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"basic":
            return None
        try:
            _name, _colon, token = b64decode(given, validate=True).partition(b":")
        except binascii.Error:
            return None
        credentials: tuple[User, AuthToken] = self.authenticate_credentials(token)
        return credentials


class PasswordTokenScheme(BasicScheme):  # type: ignore[no-untyped-call]
    """The token as a password in the API's schema."""

    target_class = "cardfleet.accounts.authentication.PasswordTokenAuthentication"
    name = "tokenAsPassword"


class PersonTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """The token in the API's schema."""

    target_class = "cardfleet.accounts.authentication.PersonTokenAuthentication"
    name = "token"

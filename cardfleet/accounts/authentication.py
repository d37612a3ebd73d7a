"""API tokens: `Authorization: Token ...`, hashed at rest and expiring (django-rest-knox)."""

import binascii
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from hmac import compare_digest

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.authentication import BasicScheme
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from cardfleet.accounts.errors import PasswordChangeDue
from cardfleet.accounts.models import User
from cardfleet.accounts.querysets import rights_of
from cardfleet.accounts.services.access import NOTED_EVERY, note_token_use
from cardfleet.kernel.compiled import rows_of, words_of

# When this process last wrote down that a token was used: no statement is sent within the minute.
_NOTED: dict[str, datetime] = {}
NOTED_AT_MOST = 10_000
SOME_KEY = "some key"


class PersonTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """A token of an active person who holds no one-time password."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """Return whose token it is; AuthenticationFailed for none, an expired one or a leaver's."""
        try:
            given = token.decode()
            digest = hash_token(given)
        except (UnicodeDecodeError, TypeError, binascii.Error) as error:
            raise AuthenticationFailed(_("Invalid token.")) from error
        for stored in _tokens(given[: CONSTANTS.TOKEN_KEY_LENGTH]):
            if compare_digest(digest, stored.digest) and not self._cleanup_token(stored):
                return self.validate_user(stored)
        raise AuthenticationFailed(_("Invalid token."))

    def validate_user(self, auth_token: AuthToken) -> tuple[User, AuthToken]:
        """Return the token's person; AuthenticationFailed for a leaver, PasswordChangeDue with a one-time one."""
        person, token = super().validate_user(auth_token)
        if person.must_change_password:
            raise PasswordChangeDue
        note_use(token, timezone.now())
        return person, token

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Tell whether the token expired; a person's expired tokens are removed when a new one is issued."""
        return bool(auth_token.expiry and auth_token.expiry < timezone.now())


def _tokens(key: str) -> Iterator[AuthToken]:
    """Yield the tokens that begin so, each with its person and their rights: asked on every request, so in words."""
    parts = _columns(AuthToken), _columns(User)
    for row in rows_of(_words(), {"key": key}):
        token = AuthToken.from_db(DEFAULT_DB_ALIAS, parts[0], row[: len(parts[0])])
        token.user = User.from_db(DEFAULT_DB_ALIAS, parts[1], row[len(parts[0]) : -1])
        token.user.rights = frozenset(row[-1])
        yield token


@cache
def _words() -> str:
    wanted = [*_columns(AuthToken), *(f"user__{name}" for name in _columns(User))]
    held = ArraySubquery(rights_of(OuterRef("user_id")))
    tokens = AuthToken.objects.filter(token_key=SOME_KEY).order_by()
    return words_of(tokens.values_list(*wanted, held), {SOME_KEY: "key"})


@cache
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def note_use(token: AuthToken, now: datetime) -> None:
    """Write down that a token was used, at most once a minute from this process."""
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

"""API tokens: `Authorization: Token ...`, hashed at rest and expiring (django-rest-knox), each with its terms.

A token opens no more than its person may, and less where its terms say so: `User.areas` narrows their rights, what a
token that only reads may do is asked by `cardfleet.kernel.api.permissions.HasRight`.
"""

import binascii
import time
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from hmac import compare_digest
from typing import cast

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.authentication import BasicScheme
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS
from redis.exceptions import RedisError
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from cardfleet.accounts.errors import PasswordChangeDue, TokenElsewhere
from cardfleet.accounts.models import TokenTerms, User
from cardfleet.accounts.querysets import of_a_request
from cardfleet.accounts.rules import is_among
from cardfleet.accounts.services.access import NOTED_EVERY, note_token_use
from cardfleet.kernel.api.rows import row_of
from cardfleet.kernel.api.throttling import WINDOW_S, counted
from cardfleet.kernel.compiled import columns_of, made_of, rows_of, words_of

# When this process last wrote down that a token was used: no statement is sent within the minute.
_NOTED: dict[str, datetime] = {}
NOTED_AT_MOST = 10_000
# Wrong tokens that an address may bring in a minute.
WRONG_A_MINUTE = 60
SOME_KEY = "some key"


class PersonTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """A token of an active person who holds no one-time password, from an address that it is for."""

    def authenticate(self, request: Request) -> tuple[User, AuthToken | None] | None:
        """Return the token's person, or the owner of a job whose row it is; None without a token.

        TokenElsewhere; else as `authenticate_credentials`.
        """
        if row := row_of(request):
            return cast("User", row.actor), None
        try:
            credentials: tuple[User, AuthToken] | None = super().authenticate(request)
        except AuthenticationFailed:
            refuse_guessing(request)
            raise
        return credentials and taken_from(credentials, request)

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
        return person, token

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Tell whether the token expired; a person's expired tokens are removed when a new one is issued."""
        return bool(auth_token.expiry and auth_token.expiry < timezone.now())


def taken_from(credentials: tuple[User, AuthToken], request: Request | HttpRequest) -> tuple[User, AuthToken]:
    """Return who was let in by a token, and note its use. TokenElsewhere where its terms name other addresses."""
    _person, token = credentials
    refuse_elsewhere(token.terms, request)
    note_use(token, timezone.now())
    return credentials


def refuse_guessing(request: Request) -> None:
    """Refuse further wrong tokens of an address for the rest of the minute. Throttled.

    Right ones go on being taken: 256 random bits are not guessed, and behind one address there may be many programs.
    """
    second = int(time.time())
    address = get_adapter().get_client_ip(request)
    try:
        wrong = counted(f"wrong-tokens:{second // WINDOW_S}:{address}")
    except RedisError:
        return
    if wrong > WRONG_A_MINUTE:
        raise Throttled(wait=WINDOW_S - second % WINDOW_S)


def refuse_elsewhere(terms: TokenTerms, request: Request | HttpRequest) -> None:
    """Refuse an address that the terms do not name; proxies are believed as far as TRUSTED_PROXIES says."""
    if terms.networks and not is_among(get_adapter().get_client_ip(request), terms.networks):
        raise TokenElsewhere


def _tokens(key: str) -> Iterator[AuthToken]:
    """Yield the tokens that begin so, each with terms and person: asked on every request, so in words."""
    for row in rows_of(_words(), {"key": key}):
        columns = iter(row)
        token = made_of(AuthToken, columns)
        token.terms, token.user = made_of(TokenTerms, columns), made_of(User, columns)
        token.user.rights, token.user.sight = frozenset(next(columns)), next(columns)
        token.user.areas = frozenset(token.terms.areas)
        yield token


@cache
def _words() -> str:
    """Return the statement; a token without terms opens nothing, and is not found."""
    token, terms, person = (columns_of(model) for model in (AuthToken, TokenTerms, User))
    wanted = *(f"token__{name}" for name in token), *terms, *(f"token__user__{name}" for name in person)
    tokens = TokenTerms.objects.filter(token__token_key=SOME_KEY).order_by()
    return words_of(tokens.values_list(*wanted, *of_a_request("token__user_id").values()), {SOME_KEY: "key"})


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
        try:
            return taken_from(self.authenticate_credentials(token), request)
        except AuthenticationFailed:
            refuse_guessing(request)
            raise


class PasswordTokenScheme(BasicScheme):  # type: ignore[no-untyped-call]
    """The token as a password in the API's schema."""

    target_class = "cardfleet.accounts.authentication.PasswordTokenAuthentication"
    name = "tokenAsPassword"


class PersonTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """The token in the API's schema."""

    target_class = "cardfleet.accounts.authentication.PersonTokenAuthentication"
    name = "token"

"""Callers who ask many times a second: a process remembers whose token it saw, and every statement proves it anew.

What is remembered is the person with their rights, and the token's terms, which never change. It is believed only
together with `STILL_SO`, so that a token that was ended, a leaver or another role is seen at once; what a role may do
is read again each minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from knox.crypto import hash_token
from knox.models import AuthToken

from cardfleet.accounts.authentication import PersonTokenAuthentication, taken_from
from cardfleet.accounts.models import User

BELIEVED = timedelta(minutes=1)
REMEMBERED_AT_MOST = 1_000
STILL_SO = """EXISTS (
    SELECT FROM knox_authtoken token JOIN accounts_user caller ON caller.id = token.user_id
    WHERE token.digest = %(token)s AND caller.id = %(person)s AND (token.expiry IS NULL OR token.expiry > %(on)s)
        AND caller.is_active AND NOT caller.must_change_password
        AND ARRAY(SELECT group_id FROM accounts_user_groups WHERE user_id = caller.id ORDER BY 1) = %(roles)s::int[]
)"""
_SEEN: "dict[str, Caller]" = {}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whose token it is, with which roles, as it was read."""

    person: User
    token: AuthToken
    roles: list[int]
    read_at: datetime

    @property
    def proof(self) -> Mapping[str, Any]:
        """The values that `STILL_SO` asks for beside the moment `on`."""
        return {"token": self.token.digest, "person": self.person.pk, "roles": self.roles}


def caller_of(token: str, request: HttpRequest, *, now: datetime) -> Caller:
    """Return whose token it is, to be believed only with `STILL_SO`. Errors as PersonTokenAuthentication's."""
    seen = _SEEN.get(hash_token(token))
    if seen and timedelta(0) <= now - seen.read_at < BELIEVED:
        taken_from((seen.person, seen.token), request)
        return seen
    person, stored = taken_from(PersonTokenAuthentication().authenticate_credentials(token.encode()), request)
    roles = list(person.groups.order_by("pk").values_list("pk", flat=True))
    # Rights are read after the roles: whoever gets another role between the two is asked about again. What they see
    # is asked each time.
    del person.rights
    person.sight = None
    if len(_SEEN) >= REMEMBERED_AT_MOST:
        _SEEN.clear()
    _SEEN[stored.digest] = caller = Caller(person=person, token=stored, roles=roles, read_at=now)
    return caller


def forget(caller: Caller) -> None:
    """Ask anew next time: what was remembered may hold no longer."""
    _SEEN.pop(caller.token.digest, None)

"""Sessions and tokens, ended before their time: by their person, by who looks after them, or with what they rest on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from knox.models import AuthToken

from cardfleet.accounts.models import User
from cardfleet.accounts.services import guards
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotVisible

SEEN_EVERY = timedelta(minutes=5)


@transaction.atomic
def note_seen(*, session_key: str, address: str, now: datetime) -> None:
    """Write down that a session is in use, and from where. The journal is not told."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now, ip=address)


@transaction.atomic
def end_session(*, session_id: int, person: User, now: datetime) -> None:
    """End one of the person's own sessions at once. NotVisible for another's, or one that ended."""
    found = UserSession.objects.select_for_update().filter(pk=session_id, user=person)
    if not drop_sessions(found):
        raise NotVisible
    _record(person, 1, actor=person, now=now)


@transaction.atomic
def end_other_sessions(*, person: User, kept: str, now: datetime) -> int:
    """End all of the person's sessions but the one with the key `kept`, and return how many those were."""
    ended = drop_sessions(UserSession.objects.filter(user=person).exclude(session_key=kept))
    if ended:
        _record(person, ended, actor=person, now=now)
    return ended


@transaction.atomic
def sign_out_everywhere(*, person: User, actor: User | None, now: datetime) -> int:
    """End somebody's sessions and tokens at once, and return how many sessions those were; they may sign in again.

    OutranksYou, NotYourself, AlreadyLeft.
    """
    guards.refuse_self(actor, person)
    person = guards.locked(person)
    guards.refuse_outranking(actor, person)
    guards.refuse_left(person)
    ended = end_sessions(person)
    tokens = end_tokens(person)
    record(
        actor=actor,
        action="accounts.signed_out_everywhere",
        subject=person,
        now=now,
        data={"count": ended, "tokens": tokens},
    )
    return ended


def end_sessions(person: User) -> int:
    """End all sessions of a person, and return how many."""
    return drop_sessions(UserSession.objects.filter(user=person))


def end_tokens(person: User) -> int:
    """End the person's API tokens, and return how many."""
    _rows, by_model = AuthToken.objects.filter(user=person).delete()
    return int(by_model.get(AuthToken._meta.label, 0))


def end_tokens_answered_for(person: User) -> None:
    """End the tokens of the service accounts that somebody answered for, who knows them."""
    AuthToken.objects.filter(user__owner=person).delete()


def drop_sessions(listed: "Iterable[UserSession]") -> int:
    """Remove listed sessions and what they hold, and return how many still opened something."""
    keys = [one.session_key for one in listed]
    UserSession.objects.filter(session_key__in=keys).delete()
    return Session.objects.filter(pk__in=keys).delete()[0]


def _record(person: User, ended: int, *, actor: User, now: datetime) -> None:
    record(actor=actor, action="accounts.sessions_ended", subject=person, now=now, data={"count": ended})

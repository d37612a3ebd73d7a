"""Passwords: one a person chose, and one-time ones a supervisor hands over. Each ends all sessions and tokens."""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.accounts.services import guards
from cardfleet.accounts.services.sessions import end_sessions, end_tokens
from cardfleet.journal.recording import record

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read aloud
GROUPS, GROUP = 3, 4


class OneTimeHasher(PBKDF2PasswordHasher):
    """PBKDF2 with fewer rounds, so that a file of 500 people takes seconds.

    Many rounds make up for what people choose. These are 59 random bits that end at the first sign-in: guessing them
    at 10,000 rounds costs what 72 bits cost. A password that somebody chose is hashed with all rounds.
    """

    iterations = 10_000


def one_time_password() -> str:
    """Return a random password to be said or written once, as `k7mp-x2qa-9wzt` (59 bits)."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


@transaction.atomic
def change_password(*, person: User, password: str, now: datetime) -> None:
    """Store a password the person chose, and end their tokens; the sessions end with the hash of the old one.

    Their rows stay until then: the answer to this request is still of one of them.
    """
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    end_tokens(person)
    record(actor=person, action="accounts.password_changed", subject=person, now=now)


@transaction.atomic
def reset_password(*, person: User, actor: User | None, now: datetime) -> str:
    """Give a one-time password that must be changed at the next sign-in, and return it; it is stored nowhere.

    OutranksYou, NotYourself, AlreadyLeft, ServiceAccount.
    """
    guards.refuse_self(actor, person)
    person = guards.locked(person)
    guards.refuse_outranking(actor, person)
    guards.refuse_left(person)
    guards.refuse_service(person)
    password = give_one_time_password(person)
    person.save(update_fields=["password", "must_change_password"])
    end_sessions(person)
    end_tokens(person)
    record(actor=actor, action="accounts.password_reset", subject=person, now=now)
    return password


def give_one_time_password(person: User) -> str:
    """Set a one-time password, unsaved, and return it."""
    password = one_time_password()
    person.password = make_password(password, hasher=OneTimeHasher())
    person.must_change_password = True
    return password

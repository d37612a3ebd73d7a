"""Passwords: one a person chose, and one-time ones a supervisor hands over. Each ends all sessions and tokens."""

from datetime import datetime

from django.db import transaction
from knox.models import AuthToken

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record


@transaction.atomic
def change_password(*, person: User, password: str, now: datetime) -> None:
    """Store a password the person chose, and end their sessions and tokens."""
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    AuthToken.objects.filter(user=person).delete()
    record(actor=person, action="accounts.password_changed", subject=person, now=now)

"""The end of a leaver's access, its return, and sign-ins."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from knox.models import AuthToken

from cardfleet.accounts.errors import StillHere
from cardfleet.accounts.models import TokenUse, User
from cardfleet.accounts.services import guards
from cardfleet.accounts.services.passwords import end_tokens, give_one_time_password
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day

NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def deactivate(*, person: User, reason: str = "", actor: User | None, now: datetime) -> User:
    """End a leaver's access at once: sign-in, sessions and tokens (R76).

    The password goes too, so that no old session wakes up when access is restored. OutranksYou, NotYourself,
    AlreadyLeft.
    """
    guards.refuse_self(actor, person)
    person = guards.locked(person)
    guards.refuse_outranking(actor, person)
    guards.refuse_left(person)
    person.is_active = False
    person.left_on = business_day(now)
    person.set_unusable_password()
    person.save(update_fields=["is_active", "left_on", "password"])
    end_tokens(person)
    record(actor=actor, action="accounts.person_deactivated", subject=person, now=now, reason=reason)
    return person


@transaction.atomic
def reactivate(*, person: User, reason: str = "", actor: User | None, now: datetime) -> tuple[User, str]:
    """Restore a person's access and return them with a one-time password. OutranksYou, StillHere."""
    person = guards.locked(person)
    guards.refuse_outranking(actor, person)
    if person.is_active:
        raise StillHere
    person.is_active = True
    person.left_on = None
    password = give_one_time_password(person)
    person.save(update_fields=["is_active", "left_on", "password", "must_change_password"])
    record(actor=actor, action="accounts.person_reactivated", subject=person, now=now, reason=reason)
    return person, password


@transaction.atomic
def record_sign_in(*, person: User, now: datetime) -> None:
    """Write down that the person signed in on a page."""
    record(actor=person, action="accounts.signed_in", subject=person, now=now)


@transaction.atomic
def issue_token(*, person: User, now: datetime) -> tuple[str, datetime]:
    """Make an API token and return it, shown this once, with the moment it expires. Expired ones are removed."""
    AuthToken.objects.filter(user=person, expiry__lte=now).delete()
    life = timedelta(hours=settings.API_TOKEN_HOURS)
    stored, token = AuthToken.objects.create(user=person, expiry=life)
    record(
        actor=person,
        action="accounts.token_issued",
        subject=person,
        now=now,
        data={"expiry": stored.expiry.isoformat()},
    )
    return token, stored.expiry


@transaction.atomic
def note_token_use(*, token: AuthToken, now: datetime) -> None:
    """Write down that a token was used, unless that was done within the last minute. The journal is not told."""
    known = TokenUse.objects.filter(token=token)
    if not known.filter(last_used_at__lte=now - NOTED_EVERY).update(last_used_at=now):
        TokenUse.objects.bulk_create([TokenUse(token=token, last_used_at=now)], ignore_conflicts=True)

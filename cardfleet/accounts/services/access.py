"""The end of a leaver's access, its return, sign-ins and API tokens."""

from dataclasses import replace
from datetime import datetime, timedelta

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from knox.models import AuthToken

from cardfleet.accounts.errors import OwnerUnfit, StillHere, TokenOver, TokenRefused
from cardfleet.accounts.models import TokenTerms, TokenUse, User
from cardfleet.accounts.roles import areas
from cardfleet.accounts.rules import Terms, faults_of_life, faults_of_overlap, faults_of_terms, read_networks
from cardfleet.accounts.services import guards
from cardfleet.accounts.services.passwords import give_one_time_password
from cardfleet.accounts.services.sessions import end_sessions, end_tokens, end_tokens_answered_for
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotAllowed, NotVisible

NOTED_EVERY = timedelta(minutes=1)
ANYTHING = Terms()


@transaction.atomic
def deactivate(*, person: User, reason: str = "", actor: User | None, now: datetime) -> User:
    """End a leaver's access at once: sign-in, sessions and tokens, also of service accounts they answered for (R76).

    The password goes too, so that no old session wakes up when access is restored, and what binds them to the company's
    own sign-in: who comes back is bound anew. OutranksYou, NotYourself,
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
    end_sessions(person)
    end_tokens(person)
    end_tokens_answered_for(person)
    SocialAccount.objects.filter(user=person).delete()
    record(actor=actor, action="accounts.person_deactivated", subject=person, now=now, reason=reason)
    return person


@transaction.atomic
def reactivate(*, person: User, reason: str = "", actor: User | None, now: datetime) -> tuple[User, str]:
    """Restore a person's access and return them with a one-time password. OutranksYou, StillHere, ServiceAccount."""
    person = guards.locked(person)
    guards.refuse_outranking(actor, person)
    guards.refuse_service(person)
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
def issue_token(
    *,
    person: User,
    name: str = "",
    terms: Terms = ANYTHING,
    life: timedelta | None = None,
    own: TokenTerms | None = None,
    actor: User | None = None,
    now: datetime,
) -> tuple[str, datetime]:
    """Make an API token and return it, shown this once, with the moment it expires. Expired ones are removed.

    `own` are the terms of the token that asks, which gives no more than it has and for no longer; `actor` is the
    person where nobody is named, else who answers for a service account or looks after everybody's tokens.
    TokenRefused, AlreadyLeft, OwnerUnfit, NotAllowed.
    """
    person = guards.locked(person)
    guards.refuse_left(person)
    refuse_others_account(person, actor or person)
    if person.owner and not person.owner.is_active:
        raise OwnerUnfit
    networks, faults = read_networks(terms.networks)
    asked = replace(terms, networks=tuple(networks))
    faults += faults_of_terms(asked, own=own.as_terms if own else None, known=areas())
    life = timedelta(hours=settings.API_TOKEN_HOURS) if life is None else life
    faults += faults_of_life(life, longest=timedelta(days=settings.API_TOKEN_MAX_DAYS))
    if faults:
        raise TokenRefused(reasons=faults)
    until = min(now + life, own.token.expiry) if own else now + life
    AuthToken.objects.filter(user=person, expiry__lte=now).delete()
    made, token = _make(person, name, asked, until)
    _record_token("accounts.token_issued", made, actor or person, now)
    return token, made.token.expiry


@transaction.atomic
def renew_token(
    *, terms_id: int, overlap: timedelta, own: TokenTerms | None = None, actor: User, now: datetime
) -> tuple[str, datetime]:
    """Make a token on the terms of another, which ends after `overlap`, and return it as `issue_token` does.

    It lives as long as the other was to, from now. TokenOver, TokenRefused; by a token, only one within its terms.
    """
    old = _changeable(terms_id, actor)
    if old.successor_id or old.token.expiry <= now:
        raise TokenOver
    faults = faults_of_overlap(overlap)
    faults += faults_of_terms(old.as_terms, own=own.as_terms if own else None, known=old.areas)
    if faults:
        raise TokenRefused(reasons=faults)
    life = min(old.token.expiry - old.token.created, timedelta(days=settings.API_TOKEN_MAX_DAYS))
    made, token = _make(old.token.user, old.name, old.as_terms, now + life)
    AuthToken.objects.filter(pk=old.token_id).update(expiry=min(old.token.expiry, now + overlap))
    old.successor = made
    old.save(update_fields=["successor"])
    _record_token("accounts.token_renewed", made, actor, now, replaced=old.pk)
    return token, made.token.expiry


@transaction.atomic
def end_token(*, terms_id: int, own: TokenTerms | None = None, actor: User, now: datetime) -> None:
    """End a token at once; by a token, only one within its terms. TokenRefused."""
    terms = _changeable(terms_id, actor)
    if faults := list(faults_of_terms(terms.as_terms, own=own.as_terms if own else None, known=terms.areas)):
        raise TokenRefused(reasons=faults)
    _record_token("accounts.token_ended", terms, actor, now)
    terms.token.delete()


def _changeable(terms_id: int, actor: User) -> TokenTerms:
    """Lock a token of the actor's, or of anybody for who may end everybody's. NotVisible for another."""
    seen = TokenTerms.objects.visible_to(actor)
    found: TokenTerms | None = seen.locked().select_related("token__user").filter(pk=terms_id).first()
    if found is None:
        raise NotVisible
    refuse_others_token(found, actor)
    return found


def refuse_others_token(terms: TokenTerms, actor: User) -> None:
    """Refuse a deed on the token of somebody else, but to who may end everybody's."""
    if terms.token.user_id != actor.pk and not actor.has_perm("accounts.delete_tokenterms"):
        refuse_others_account(terms.token.user, actor)


def refuse_others_account(person: User, actor: User) -> None:
    """Refuse to make a token but for oneself, and for service accounts one answers for or looks after."""
    if actor.pk == person.pk or (person.is_service and actor.pk == person.owner_id):
        return
    if not (person.is_service and actor.has_perm("accounts.delete_tokenterms")):
        raise NotAllowed


def _make(person: User, name: str, terms: Terms, until: datetime) -> tuple[TokenTerms, str]:
    stored, token = AuthToken.objects.create(user=person)
    stored.expiry = until
    stored.save(update_fields=["expiry"])
    made = TokenTerms.objects.create(
        token=stored,
        name=name.strip(),
        writes=terms.writes,
        areas=sorted(terms.areas),
        networks=list(terms.networks),
    )
    return made, token


def _record_token(action: str, terms: TokenTerms, actor: User, now: datetime, *, replaced: int | None = None) -> None:
    data = {
        "token": terms.pk,
        "replaced": replaced,
        "expiry": terms.token.expiry.isoformat(),
        "writes": terms.writes,
        "areas": terms.areas,
    }
    record(actor=actor, action=action, subject=terms.token.user, now=now, data=data)


@transaction.atomic
def note_token_use(*, token: AuthToken, now: datetime) -> None:
    """Write down that a token was used, unless that was done within the last minute. The journal is not told."""
    known = TokenUse.objects.filter(token=token)
    if not known.filter(last_used_at__lte=now - NOTED_EVERY).update(last_used_at=now):
        TokenUse.objects.bulk_create([TokenUse(token=token, last_used_at=now)], ignore_conflicts=True)

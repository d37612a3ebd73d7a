"""Taking a person out of their account: the row stays, for all that names it, and says nothing any more."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from cardfleet.accounts.models import Delegation, ScopeGrant, User
from cardfleet.accounts.services import guards
from cardfleet.accounts.services.sessions import end_sessions, end_tokens, end_tokens_answered_for
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.personal import pseudonym


@transaction.atomic
def make_anonymous(*, person: User, reason: str, actor: User | None, now: datetime) -> User:
    """Put a pseudonym in place of a person; end sign-in, sessions, tokens, roles and scope. PersonErased, NotYourself.

    The number of the pseudonym is the id, which the journal holds: what was done stays together under it.
    """
    guards.refuse_self(actor, person)
    person = guards.locked(person)
    person.name, person.name_pinyin, person.name_initials = pseudonym(person.pk), "", ""
    person.username, person.staff_no = pseudonym(person.pk), None
    person.mobile = person.email = ""
    person.left_on = person.left_on or business_day(now)
    person.is_active = person.is_staff = person.is_superuser = person.must_change_password = False
    person.erased_at = now
    person.set_unusable_password()
    person.save()
    person.groups.clear()
    person.user_permissions.clear()
    ScopeGrant.objects.filter(user=person).delete()
    for deputy in (Delegation.objects.filter(giver=person), Delegation.objects.filter(receiver=person)):
        deputy.filter(revoked_at=None, ends_at__gt=now).update(revoked_at=now)
    end_sessions(person)
    end_tokens(person)
    end_tokens_answered_for(person)
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    record(actor=actor, action="accounts.person_erased", subject=person, now=now, reason=reason)
    return person

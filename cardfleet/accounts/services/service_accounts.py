"""Accounts of programs: made by administrators, answered for by a person, opened by tokens alone."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import OwnerUnfit
from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.accounts.services import guards
from cardfleet.accounts.services.names import set_name
from cardfleet.accounts.services.people import refuse_taken
from cardfleet.journal.recording import record


@transaction.atomic
def create_service_account(
    *,
    name: str,
    username: str,
    roles: Iterable[Role],
    scopes: Iterable[Team] = (),
    owner: User,
    actor: User | None,
    now: datetime,
) -> User:
    """Make an account that nobody signs in to. StaffNumberTaken, OutranksYou, OwnerUnfit."""
    roles = list(roles)
    guards.refuse_unentitled(actor, roles)
    account = User(username=username, owner=_fit(owner))
    set_name(account, name)
    account.set_unusable_password()
    refuse_taken(account)
    account.save(force_insert=True)
    account.groups.set(Group.objects.filter(name__in=roles))
    ScopeGrant.objects.bulk_create(ScopeGrant(user=account, team=scope) for scope in scopes)
    record(
        actor=actor,
        action="accounts.service_account_created",
        subject=account,
        related=(owner,),
        now=now,
        data={"owner": owner.pk, "roles": roles},
    )
    return account


@transaction.atomic
def pass_service_account(*, account_id: int, owner: User, actor: User, now: datetime) -> User:
    """Let somebody else answer for an account; its tokens go on. The same owner again changes nothing. OwnerUnfit."""
    account: User = User.objects.services().locked().get(pk=account_id)
    before = account.owner_id
    if before == owner.pk:
        return account
    account.owner = _fit(owner)
    account.save(update_fields=["owner"])
    record(
        actor=actor,
        action="accounts.service_account_passed",
        subject=account,
        related=(owner,),
        now=now,
        data={"from": before, "to": owner.pk},
    )
    return account


def _fit(owner: User) -> User:
    """Return the owner, locked, so that nobody leaves meanwhile; OwnerUnfit."""
    owner = guards.locked(owner)
    if not owner.is_active or owner.is_service:
        raise OwnerUnfit
    return owner

"""Supervisors lend what they see to somebody who stands in for them (R12)."""

from datetime import datetime

from django.db import transaction

from cardfleet.accounts.errors import DelegationOver, DelegationRefused
from cardfleet.accounts.models import Delegation, ScopeGrant, Team, User
from cardfleet.accounts.rules import faults_of_delegation
from cardfleet.accounts.services import guards
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotAllowed


@transaction.atomic
def delegate(
    *,
    giver: User,
    receiver: User,
    team: Team,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    actor: User,
    now: datetime,
) -> Delegation:
    """Lend what the giver sees of a team and below; who may grant scopes lends for others too.

    DelegationRefused names what does not fit; NotYourself, AlreadyLeft.
    """
    if actor.pk != giver.pk and not actor.has_perm("accounts.add_scopegrant"):
        raise NotAllowed
    guards.refuse_self(giver, receiver)
    for person in sorted({giver, receiver}, key=lambda person: person.pk):
        guards.refuse_left(guards.locked(person))
    own = ScopeGrant.objects.filter(user=giver).values_list("team__path", flat=True)
    faults = list(
        faults_of_delegation(
            starts_at=starts_at,
            ends_at=ends_at,
            now=now,
            receiver_roles=receiver.role_names,
            is_covered=any(str(team.path).startswith(str(path)) for path in own),
        )
    )
    if faults:
        raise DelegationRefused(reasons=faults)
    lent = Delegation.objects.create(
        giver=giver,
        receiver=receiver,
        team=team,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        given_at=now,
    )
    _record("accounts.scope_delegated", lent, actor, now, reason=reason)
    return lent


@transaction.atomic
def end_delegation(*, delegation_id: int, actor: User, now: datetime) -> Delegation:
    """End a lending before its time; either of the two may, and who grants scopes. DelegationOver."""
    lent = Delegation.objects.locked().select_related("giver", "receiver", "team").get(pk=delegation_id)
    if actor.pk not in {lent.giver_id, lent.receiver_id} and not actor.has_perm("accounts.add_scopegrant"):
        raise NotAllowed
    if lent.revoked_at or lent.ends_at <= now:
        raise DelegationOver
    lent.revoked_at = now
    lent.save(update_fields=["revoked_at"])
    _record("accounts.delegation_ended", lent, actor, now)
    return lent


def _record(action: str, lent: Delegation, actor: User, now: datetime, *, reason: str = "") -> None:
    data = {"team": lent.team_id, "until": lent.ends_at.isoformat()}
    record(
        actor=actor,
        action=action,
        subject=lent.receiver,
        related=(lent.giver, lent.team),
        now=now,
        reason=reason,
        data=data,
    )

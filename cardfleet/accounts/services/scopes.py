"""Which subtrees a person sees."""

from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.journal.recording import record


@transaction.atomic
def grant_scope(*, person: User, team: Team, actor: User | None, now: datetime) -> ScopeGrant:
    """Let a person see a team and everything below it; a second grant of the same changes nothing."""
    scope, made = ScopeGrant.objects.get_or_create(user=person, team=team)
    if made:
        _record("accounts.scope_granted", person, team, actor, now)
    return scope


@transaction.atomic
def withdraw_scope(*, person: User, team: Team, actor: User | None, now: datetime) -> None:
    """Take that sight away again; taking what was never given changes nothing."""
    removed, _by_model = ScopeGrant.objects.filter(user=person, team=team).delete()
    if removed:
        _record("accounts.scope_withdrawn", person, team, actor, now)


def _record(action: str, person: User, team: Team, actor: User | None, now: datetime) -> None:
    record(actor=actor, action=action, subject=person, related=(team,), now=now, data={"team": team.pk})

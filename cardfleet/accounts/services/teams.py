"""The team tree. `path` holds the way from the root, so that a subtree is one prefix."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from cardfleet.accounts.choices import TeamKind
from cardfleet.accounts.errors import TeamMisplaced, TeamNameTaken
from cardfleet.accounts.models import Team, User
from cardfleet.accounts.rules import may_stand_below
from cardfleet.journal.recording import record


@transaction.atomic
def create_team(
    *, name: str, kind: TeamKind = TeamKind.TEAM, parent: Team | None = None, actor: User | None, now: datetime
) -> Team:
    """Make a team below another, or a root. TeamNameTaken, TeamMisplaced."""
    _lock_tree()
    _refuse_misplaced(kind, parent)
    _refuse_taken(name, parent)
    team = Team.objects.create(name=name.strip(), kind=kind, parent=parent)
    team.path = _path(team.pk, parent)
    team.save(update_fields=["path"])
    record(
        actor=actor,
        action="accounts.team_created",
        subject=team,
        now=now,
        data={"kind": kind, "parent": parent.pk if parent else None},
    )
    return team


@transaction.atomic
def rename_team(*, team: Team, name: str, actor: User | None, now: datetime) -> Team:
    """Give a team another name. TeamNameTaken."""
    _lock_tree()
    team = Team.objects.get(pk=team.pk)
    before, after = team.name, name.strip()
    if before == after:
        return team
    _refuse_taken(after, team.parent)
    team.name = after
    team.save(update_fields=["name"])
    record(actor=actor, action="accounts.team_renamed", subject=team, now=now, data={"from": before, "to": after})
    return team


@transaction.atomic
def move_team(*, team: Team, parent: Team | None, actor: User | None, now: datetime) -> Team:
    """Put a team and all below it elsewhere in the tree. TeamMisplaced, TeamNameTaken."""
    _lock_tree()
    team = Team.objects.get(pk=team.pk)
    parent = Team.objects.get(pk=parent.pk) if parent else None
    if team.parent_id == (parent.pk if parent else None):
        return team
    if parent and str(parent.path).startswith(str(team.path)):
        raise TeamMisplaced
    _refuse_misplaced(TeamKind(team.kind), parent)
    _refuse_taken(team.name, parent)
    before, old_path, new_path = team.parent_id, str(team.path), _path(team.pk, parent)
    Team.objects.filter(pk=team.pk).update(parent=parent)
    Team.objects.filter(path__startswith=old_path).update(
        path=Concat(Value(new_path), Substr(F("path"), len(old_path) + 1))
    )
    team.refresh_from_db()
    record(
        actor=actor, action="accounts.team_moved", subject=team, now=now, data={"from": before, "to": team.parent_id}
    )
    return team


@transaction.atomic
def edit_team(*, team: Team, name: str, parent: Team | None, actor: User | None, now: datetime) -> Team:
    """Rename and move a team at once; refusals as `rename_team` and `move_team`."""
    rename_team(team=team, name=name, actor=actor, now=now)
    return move_team(team=team, parent=parent, actor=actor, now=now)


def _lock_tree() -> None:
    """Let one writer at a time change the tree: two moves at once could make a ring."""
    list(Team.objects.locked().values_list("pk", flat=True))


def _path(pk: int, parent: Team | None) -> str:
    return f"{parent.path if parent else '/'}{pk}/"


def _refuse_misplaced(kind: TeamKind, parent: Team | None) -> None:
    if parent and not may_stand_below(kind, TeamKind(parent.kind)):
        raise TeamMisplaced


def _refuse_taken(name: str, parent: Team | None) -> None:
    if Team.objects.filter(parent=parent, name=name.strip()).exists():
        raise TeamNameTaken

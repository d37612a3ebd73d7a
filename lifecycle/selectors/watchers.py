"""Who is told about which alert: the supervisors of its team, the agent it concerns, the team's channels; the desk.

Of connections that fail `lifecycle.services.connections.ending` tells; they are passed on here if nobody sees to them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Delegation, ScopeGrant, Team, User
from cardfleet.accounts.roles import rights
from cardfleet.notify.models import Channel
from lifecycle.models import Alert

DESK, CONNECTIONS = "lifecycle.change_desk", "lifecycle.view_connection"
RELATED = (
    *("card__team", "card__holder", "agent__user__team", "matter", "connection"),
    *("group__carrier", "group__notice__carrier"),
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """The alerts each person and channel is told of, in the order of the alerts."""

    supervisors: Mapping[User, Sequence[Alert]]
    agents: Mapping[User, Sequence[Alert]]
    channels: Mapping[Channel, Sequence[Alert]]


def told_of(alert_ids: Collection[int]) -> Told:
    """Return who is told of some alerts, gravest first as they are due. A fixed number of queries.

    A supervisor sees a team by a scope grant on it or above it; a channel serves its team and below, or everybody.
    Matters of the desk are told to who works there, and to no channel.
    """
    alerts = _alerts(alert_ids)
    supervisors: defaultdict[User, list[Alert]] = defaultdict(list)
    agents: defaultdict[User, list[Alert]] = defaultdict(list)
    channels: defaultdict[Channel, list[Alert]] = defaultdict(list)
    watched = _watched_paths()
    desk = list(User.objects.with_right(DESK)) if any(alert.matter for alert in alerts) else []
    served = list(Channel.objects.active().filter(owner=None).select_related("team", "owner"))
    for alert in alerts:
        path = _path(alert)
        for person in desk if alert.matter else _watching(path, watched):
            supervisors[person].append(alert)
        concerned = _concerned(alert)
        if concerned and concerned.is_active:
            agents[concerned].append(alert)
        for channel in [] if alert.matter else served:
            if channel.team is None or path.startswith(str(channel.team.path)):
                channels[channel].append(alert)
    return Told(supervisors=supervisors, agents=agents, channels=channels)


def told_by_role(alert_ids: Collection[int], role: Role) -> Mapping[User, Sequence[Alert]]:
    """Return which of some alerts the people of a role see, each person with theirs. A fixed number of queries."""
    alerts = _alerts(alert_ids)
    if DESK not in rights(role):
        alerts = [alert for alert in alerts if alert.matter is None]
    if CONNECTIONS not in rights(role):
        alerts = [alert for alert in alerts if alert.connection is None]
    if "accounts.view_all_teams" in rights(role):
        people = User.objects.active().filter(groups__name=role).order_by("pk")
        return dict.fromkeys(people, alerts) if alerts else {}
    watched, found = _watched_paths(role), defaultdict(list)
    for alert in alerts:
        for person in _watching(_path(alert), watched):
            found[person].append(alert)
    return found


def in_charge_of(team: Team | None) -> list[User]:
    """Return the supervisors who see a team; nobody for none."""
    return _watching(str(team.path), _watched_paths()) if team else []


def handlers(asking: User, *, right: str = "lifecycle.change_alert") -> QuerySet[User]:
    """Return whom somebody may give work to: those with the right who see all teams, or one of the asker's."""
    able: QuerySet[User] = User.objects.with_right(right)
    if asking.has_perm("accounts.view_all_teams"):
        return able.order_by("name", "pk")
    everywhere = User.objects.with_right("accounts.view_all_teams").values("pk")
    teams = Team.objects.visible_to(asking)
    beside = ScopeGrant.objects.filter(team__in=teams).values("user")
    deputies = Delegation.objects.running().filter(team__in=teams).values("receiver")
    return able.filter(Q(pk=asking.pk) | Q(pk__in=everywhere) | Q(pk__in=beside) | Q(pk__in=deputies)).order_by(
        "name", "pk"
    )


def _alerts(alert_ids: Collection[int]) -> list[Alert]:
    return list(Alert.objects.filter(pk__in=alert_ids).select_related(*RELATED).order_by("due_at", "pk"))


def _watched_paths(role: Role = Role.SUPERVISOR) -> list[tuple[str, User]]:
    grants = ScopeGrant.objects.filter(user__groups__name=role, user__is_active=True)
    lent = Delegation.objects.running().filter(receiver__groups__name=role, receiver__is_active=True)
    return [
        *((str(grant.team.path), grant.user) for grant in grants.select_related("team", "user")),
        *((str(each.team.path), each.receiver) for each in lent.select_related("team", "receiver")),
    ]


def _watching(path: str, watched: Iterable[tuple[str, User]]) -> list[User]:
    return list(dict.fromkeys(person for above, person in watched if path.startswith(above)))


def _path(alert: Alert) -> str:
    """Return the path of the team an alert belongs to; nothing where it belongs to none."""
    subject = alert.card.team if alert.card else alert.agent.user.team if alert.agent else None
    return str(subject.path) if subject else ""


def _concerned(alert: Alert) -> User | None:
    """Return the agent an alert concerns: who holds the card, or the agent."""
    if alert.card:
        return alert.card.holder
    return alert.agent.user if alert.agent else None

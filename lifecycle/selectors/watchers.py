"""Who is told about which alert: the supervisors of its team, the agent it concerns, the channels of its team."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import ScopeGrant, User
from cardfleet.notify.models import Channel
from lifecycle.models import Alert


@dataclass(frozen=True, kw_only=True)
class Told:
    """The alerts each person and channel is told of, in the order of the alerts."""

    supervisors: Mapping[User, Sequence[Alert]]
    agents: Mapping[User, Sequence[Alert]]
    channels: Mapping[Channel, Sequence[Alert]]


def told_of(alert_ids: Collection[int]) -> Told:
    """Return who is told of some alerts, gravest first as they are due. A fixed number of queries.

    A supervisor sees a team by a scope grant on it or above it; a channel serves its team and below, or everybody.
    """
    related = ("card__team", "card__holder", "agent__user__team")
    alerts = list(Alert.objects.filter(pk__in=alert_ids).select_related(*related).order_by("due_at", "pk"))
    supervisors: defaultdict[User, list[Alert]] = defaultdict(list)
    agents: defaultdict[User, list[Alert]] = defaultdict(list)
    channels: defaultdict[Channel, list[Alert]] = defaultdict(list)
    watched = _watched_paths()
    served = list(Channel.objects.active().select_related("team"))
    for alert in alerts:
        path = _path(alert)
        for person in _watching(path, watched):
            supervisors[person].append(alert)
        concerned = _concerned(alert)
        if concerned and concerned.is_active:
            agents[concerned].append(alert)
        for channel in served:
            if channel.team is None or path.startswith(str(channel.team.path)):
                channels[channel].append(alert)
    return Told(supervisors=supervisors, agents=agents, channels=channels)


def _watched_paths() -> list[tuple[str, User]]:
    grants = ScopeGrant.objects.filter(user__groups__name=Role.SUPERVISOR, user__is_active=True)
    return [(str(grant.team.path), grant.user) for grant in grants.select_related("team", "user")]


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

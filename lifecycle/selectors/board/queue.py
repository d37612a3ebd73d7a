"""What needs action: open alerts, hand-overs nobody accepted, cards to be given back, by harm and deadline."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from agents.models import Assignment
from cardfleet.accounts.models import User
from lifecycle.models import Alert
from lifecycle.rules.priority import ACCEPTANCE, RETURN, NextAction, next_action
from lifecycle.selectors.board.ranking import First, OfDay, Ranked
from lifecycle.selectors.notices import Grouped, with_groups

FIRST = 12
MOST = 50
GROUPS = 8
RELATED = ("card__carrier", "card__holder", "card__team", "agent__user__team")


@dataclass(frozen=True, kw_only=True)
class Task:
    """One row of the queue: an alert, or an assignment to be accepted or ended.

    `holder_cannot_call`: the agent of a stopped card has no other in service.
    """

    kind: str
    holder_cannot_call: bool
    action: NextAction
    subject: Alert | Assignment
    due_at: datetime | None

    @property
    def alert(self) -> Alert | None:
        """The alert, where it is one."""
        return self.subject if isinstance(self.subject, Alert) else None

    @property
    def person(self) -> User | None:
        """Who holds the card, or whose training it is."""
        if self.subject.agent:
            return self.subject.agent.user
        return self.subject.card.holder if self.subject.card else None


@dataclass(frozen=True, kw_only=True)
class Heap:
    """Matters of one kind that can wait. `teams` are the commonest, with how many each has."""

    kind: str
    count: int
    due_at: datetime | None
    first: int
    teams: Sequence[tuple[str, int]]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The needs-action queue; `today` are the first rows of `today_count`."""

    today: Sequence[Task]
    today_count: int
    later: Sequence[Heap]
    later_count: int
    cards: int
    standing_still: int
    highest_risk: int
    longest_idle: int
    late_acceptances: int
    late_returns: int
    groups: Sequence[Grouped]

    @property
    def largest_groups(self) -> Sequence[Grouped]:
        """The groups that are shown; the others stand in the list of alerts."""
        return self.groups[:GROUPS]

    @property
    def count(self) -> int:
        """How many matters there are; a group of alerts is one."""
        return self.today_count + self.later_count + len(self.groups)


def queue_of(found: Ranked, *, first: int) -> Queue:
    """Return the queue of what was ranked, with its first so many rows as they stand now: three statements."""
    return Queue(
        today=_tasks(found.first[:first]),
        today_count=sum(of.count for of in found.days if of.today),
        later=_heaps([of for of in found.days if not of.today], found.teams),
        later_count=sum(of.count for of in found.days if not of.today),
        cards=found.cards,
        standing_still=found.standing_still,
        highest_risk=found.highest_risk,
        longest_idle=found.longest_idle,
        late_acceptances=found.late_acceptances,
        late_returns=found.late_returns,
        groups=with_groups(found.groups),
    )


def _tasks(first: Sequence[First]) -> list[Task]:
    """Return the rows in their order; what was closed meanwhile is left out."""
    ids = [one.pk for one in first if one.is_alert]
    alerts = Alert.objects.select_related(*RELATED, "matter", "connection").in_bulk(ids)
    handed_ids = [one.pk for one in first if not one.is_alert]
    handed = Assignment.objects.select_related(*RELATED, "handed_by").in_bulk(handed_ids)
    return [task for one in first if (task := _of_alert(one, alerts) if one.is_alert else _of_assignment(one, handed))]


def _of_alert(one: First, alerts: dict[int, Alert]) -> Task | None:
    alert = alerts.get(one.pk)
    if alert is None:
        return None
    action = next_action(alert.kind, stop_reason=alert.card.stop_reason if alert.card else "")
    return Task(kind=alert.kind, holder_cannot_call=one.still, action=action, subject=alert, due_at=alert.due_at)


def _of_assignment(one: First, handed: dict[int, Assignment]) -> Task | None:
    held = handed.get(one.pk)
    if held is None:
        return None
    action = ACCEPTANCE if one.kind == ACCEPTANCE.code else RETURN
    return Task(kind=action.code, holder_cannot_call=False, action=action, subject=held, due_at=one.due_at)


def _heaps(later: Iterable[OfDay], teams: dict[str, list[tuple[str, int]]]) -> list[Heap]:
    """Return the matters that can wait, one heap a kind, the first due before the others."""
    by_kind: defaultdict[str, list[OfDay]] = defaultdict(list)
    for of in later:
        by_kind[of.kind].append(of)
    heaps = [_heap(kind, days, teams.get(kind, [])) for kind, days in by_kind.items()]
    return sorted(heaps, key=lambda heap: (heap.due_at is None, heap.due_at, heap.kind))


def _heap(kind: str, days: Sequence[OfDay], teams: Sequence[tuple[str, int]]) -> Heap:
    earliest = min((of for of in days if of.due_at), key=attrgetter("due_at"), default=None)
    return Heap(
        kind=kind,
        count=sum(of.count for of in days),
        due_at=earliest.due_at if earliest else None,
        first=earliest.count if earliest else 0,
        teams=teams,
    )

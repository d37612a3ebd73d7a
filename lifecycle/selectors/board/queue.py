"""What needs action: open alerts, hand-overs nobody accepted, cards to be given back, by harm and deadline."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from agents.models import Assignment
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day, day_bounds
from cards.choices import CustodyState, Severity
from cards.models import Card
from lifecycle.choices import AlertKind
from lifecycle.models import Alert
from lifecycle.rules.priority import (
    ACCEPTANCE,
    RETURN,
    Matter,
    NextAction,
    is_for_today,
    next_action,
    queue_key,
)
from lifecycle.selectors.notices import Grouped, open_groups

FIRST = 12
MOST = 200
TEAMS_NAMED = 2


@dataclass(frozen=True, kw_only=True)
class Task:
    """One row of the queue: an alert, or an assignment to be accepted or ended."""

    matter: Matter
    action: NextAction
    subject: Alert | Assignment

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
    def count(self) -> int:
        """How many matters there are; a group of alerts is one."""
        return self.today_count + self.later_count + len(self.groups)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """A matter before its row is read."""

    matter: Matter
    alert_id: int | None = None
    assignment: Assignment | None = None
    card_id: int | None = None
    team: str = ""
    days: int = 0


def action_queue(user: User, *, now: datetime, first: int = FIRST) -> Queue:
    """Return what needs action in a person's scope: four statements. All are ranked, rows are read for the first."""
    alerts = list(_alerts(user, now))
    still = _standing_still(alerts)
    alone = [alert for alert in alerts if alert.group_id is None]
    known = [_of_alert(alert, still) for alert in alone] + [_of_assignment(held, now) for held in _handed(user, now)]
    known.sort(key=lambda one: queue_key(one.matter))
    tomorrow = day_bounds(business_day(now))[1]
    today = [one for one in known if is_for_today(one.matter, tomorrow=tomorrow)]
    later = [one for one in known if not is_for_today(one.matter, tomorrow=tomorrow)]
    waiting = [one for one in known if one.assignment and one.matter.kind == ACCEPTANCE.code]
    due_back = [one.assignment for one in known if one.assignment and one.matter.kind == RETURN.code]
    return Queue(
        today=_tasks(today[:first]),
        today_count=len(today),
        later=_heaps(later),
        later_count=len(later),
        cards=len({one.card_id for one in (*known, *alerts) if one.card_id}),
        standing_still=len(still),
        highest_risk=max((one.matter.score for one in known), default=0),
        longest_idle=max((one.days for one in known), default=0),
        late_acceptances=sum(1 for one in waiting if one.matter.due_at and one.matter.due_at < now),
        groups=open_groups(Alert.objects.awake(now).visible_to(user)) if len(alone) < len(alerts) else [],
        late_returns=sum(1 for held in due_back if held.due_back_on and held.due_back_on < business_day(now)),
    )


def _alerts(user: User, now: datetime) -> Iterable[Any]:
    return (
        Alert.objects.open()
        .awake(now)
        .visible_to(user)
        .annotate(
            holder_id=F("card__holder_id"),
            stop_reason=F("card__stop_reason"),
            card_team=F("card__team__name"),
            agent_team=F("agent__user__team__name"),
            score=F("params__score"),
            days=F("params__value"),
        )
        .order_by()
        .values_list(
            *("pk", "kind", "severity", "due_at", "first_seen_at", "card_id", "holder_id", "stop_reason"),
            *("card_team", "agent_team", "score", "days", "group_id"),
            named=True,
        )
    )


def _handed(user: User, now: datetime) -> QuerySet[Assignment]:
    due_back = Q(card__custody_state=CustodyState.RETURN_DUE) | Q(due_back_on__lte=business_day(now))
    related = ("card__carrier", "card__holder", "card__team", "agent__user__team", "handed_by")
    found = Assignment.objects.open().visible_to(user).filter(Q(accepted_at__isnull=True) | due_back)
    return found.select_related(*related)


def _standing_still(alerts: Iterable[Any]) -> set[int]:
    """Return the holders of stopped cards who have no card in service."""
    holders = {alert.holder_id for alert in alerts if alert.kind == AlertKind.STOPPED and alert.holder_id}
    calling = Card.objects.in_service().filter(holder__in=holders).values_list("holder_id", flat=True)
    return holders - set(calling)


def _of_alert(alert: Any, still: set[int]) -> _Known:
    return _Known(
        matter=Matter(
            kind=alert.kind,
            severity=alert.severity,
            holder_cannot_call=alert.kind == AlertKind.STOPPED and alert.holder_id in still,
            due_at=alert.due_at,
            since=alert.first_seen_at,
            score=alert.score if isinstance(alert.score, int) else 0,
        ),
        alert_id=alert.pk,
        card_id=alert.card_id,
        team=alert.card_team or alert.agent_team or "",
        days=int(alert.days) if alert.kind == AlertKind.IDLE and str(alert.days).isdigit() else 0,
    )


def _of_assignment(held: Assignment, now: datetime) -> _Known:
    action = ACCEPTANCE if held.accepted_at is None and not _is_due_back(held, now) else RETURN
    back_by = day_bounds(held.due_back_on)[1] if held.due_back_on else held.card.custody_since
    return _Known(
        matter=Matter(
            kind=action.code,
            severity=Severity.WARN,
            holder_cannot_call=False,
            due_at=held.accept_by if action is ACCEPTANCE else back_by,
            since=held.started_at,
        ),
        assignment=held,
        card_id=held.card_id,
    )


def _is_due_back(held: Assignment, now: datetime) -> bool:
    if held.card.custody_state == CustodyState.RETURN_DUE:
        return True
    return held.due_back_on is not None and held.due_back_on <= business_day(now)


def _tasks(known: Sequence[_Known]) -> list[Task]:
    related = ("card__carrier", "card__holder", "card__team", "agent__user__team")
    ids = [one.alert_id for one in known if one.alert_id]
    alerts = Alert.objects.select_related(*related).in_bulk(ids)
    found = [(one, one.assignment or alerts.get(one.alert_id or 0)) for one in known]
    return [_task(one.matter, subject) for one, subject in found if subject]


def _task(matter: Matter, subject: Alert | Assignment) -> Task:
    if isinstance(subject, Assignment):
        action = ACCEPTANCE if matter.kind == ACCEPTANCE.code else RETURN
    else:
        action = next_action(subject.kind, stop_reason=subject.card.stop_reason if subject.card else "")
    return Task(matter=matter, action=action, subject=subject)


def _heaps(later: Sequence[_Known]) -> list[Heap]:
    """Return the matters that can wait, one heap a kind, in the order of the first of each."""
    by_kind: dict[str, list[_Known]] = {}
    for one in later:
        by_kind.setdefault(one.matter.kind, []).append(one)
    return [_heap(kind, members) for kind, members in by_kind.items()]


def _heap(kind: str, members: Sequence[_Known]) -> Heap:
    due = [one.matter.due_at for one in members if one.matter.due_at]
    earliest = min(due, default=None)
    return Heap(
        kind=kind,
        count=len(members),
        due_at=earliest,
        first=sum(1 for moment in due if earliest and business_day(moment) == business_day(earliest)),
        teams=Counter(one.team for one in members if one.team).most_common(TEAMS_NAMED),
    )

"""All that needs action in a scope, ranked and counted by the database in one statement.

A large fleet has tens of thousands of open alerts: they are read once, where they lie, and only what is shown leaves
the database. The order is that of the board: agents who cannot call, the nearest deadline, the gravest, the riskiest,
the oldest (design section 7).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from agents.choices import AgentStatus
from agents.models import Agent, Assignment
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day, day_bounds
from cards.choices import CustodyState, Severity
from cards.models import Card
from lifecycle.choices import AlertKind
from lifecycle.models import Alert
from lifecycle.querysets import for_today
from lifecycle.rules.leavers import HELD_BY_LEAVER
from lifecycle.rules.priority import ACCEPTANCE, GRAVEST_FIRST, RETURN
from lifecycle.selectors.notices import OfGroup

TEAMS_NAMED = 2
# OFFSET 0 keeps the look at a holder's other cards by their index: joined, the whole fleet would be read for a few.
# A group of alerts is one matter, counted by itself; a card with several alerts and a hand-over is one card.
RANKED = """
WITH alert (id, kind, card, team, due, since, score, days, gravity, today, held_by, grouped, unseen)
    AS MATERIALIZED ({alerts}),
stop AS MATERIALIZED (SELECT id, held_by FROM alert WHERE kind = 'stopped' AND held_by IS NOT NULL),
still AS MATERIALIZED (SELECT id, held_by FROM stop WHERE NOT EXISTS (
    SELECT FROM cards_card WHERE holder_id = stop.held_by AND service_state = 'active' OFFSET 0)),
open_handed (id, kind, card, back_on, back_since, accept_by, since, gravity) AS MATERIALIZED ({handed}),
handed AS MATERIALIZED (SELECT id, kind, card, since, gravity, back_on < %s AS overdue, accept_by < %s AS unanswered,
    CASE kind WHEN 'return' THEN coalesce((back_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', back_since)
    ELSE accept_by END AS due FROM open_handed),
matter AS MATERIALIZED (
    SELECT 'alert' AS source, id, kind, team, due, since, score, gravity, id IN (SELECT id FROM still) AS still, today
    FROM alert WHERE grouped IS NULL
    UNION ALL
    SELECT 'assignment', id, kind, NULL, due, since, 0, gravity, false, true FROM handed),
foremost AS (SELECT source, id, kind, still, due FROM matter WHERE today
    ORDER BY still DESC, due NULLS LAST, gravity, score DESC, since, source, id LIMIT %s),
by_day AS (SELECT kind, today, (due AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS count, min(due) AS due
    FROM matter GROUP BY 1, 2, 3),
of_team AS (SELECT m.kind, t.name, count(*) AS count FROM matter m JOIN accounts_team t ON t.id = m.team
    WHERE NOT m.today GROUP BY 1, 2),
by_team AS (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY count DESC, name) AS place FROM of_team),
by_group AS (SELECT grouped, count(*) AS count, count(*) FILTER (WHERE unseen) AS unseen, min(due) AS due
    FROM alert WHERE grouped IS NOT NULL GROUP BY 1)
SELECT (SELECT json_agg(foremost) FROM foremost), (SELECT json_agg(by_day) FROM by_day),
    (SELECT json_agg(by_team ORDER BY place) FROM by_team WHERE place <= {teams}),
    (SELECT json_agg(by_group) FROM by_group),
    (SELECT count(*) FROM (SELECT card FROM alert WHERE card IS NOT NULL UNION SELECT card FROM handed) AS cards),
    (SELECT count(DISTINCT held_by) FROM still),
    (SELECT max(score) FROM alert), (SELECT max(days) FROM alert),
    (SELECT count(*) FROM handed WHERE kind = 'acceptance' AND unanswered),
    (SELECT count(*) FROM handed WHERE kind = 'return' AND overdue)
"""


@dataclass(frozen=True, kw_only=True)
class First:
    """A matter to be shown by itself: an alert or an assignment by its id."""

    is_alert: bool
    pk: int
    kind: str
    still: bool
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OfDay:
    """How many matters of a kind are due on a Shanghai day, or on none, and when the first of them is."""

    kind: str
    today: bool
    day: date | None
    count: int
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """What the statement found; `teams` are the commonest of what can wait, by kind."""

    first: list[First]
    days: list[OfDay]
    teams: dict[str, list[tuple[str, int]]]
    groups: list[OfGroup]
    cards: int
    standing_still: int
    highest_risk: int
    longest_idle: int
    late_acceptances: int
    late_returns: int


def rank(user: User, *, now: datetime, first: int) -> Ranked:
    """Return what needs action in a person's scope: the first so many of today, and counts of all."""
    alerts, of_alerts = _alerts(user, now).query.sql_with_params()
    handed, of_handed = _handed(user, now).query.sql_with_params()
    statement = RANKED.format(alerts=alerts, handed=handed, teams=TEAMS_NAMED)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*of_alerts, *of_handed, business_day(now), now, first])
        foremost, days, teams, groups, *figures = cursor.fetchone()
    cards, still, risk, idle, late, late_back = (int(figure or 0) for figure in figures)
    return Ranked(
        first=[_first(row) for row in foremost or ()],
        days=[_of_day(row) for row in days or ()],
        teams=_by_kind(teams or ()),
        groups=[_of_group(row) for row in groups or ()],
        cards=cards,
        standing_still=still,
        highest_risk=risk,
        longest_idle=idle,
        late_acceptances=late,
        late_returns=late_back,
    )


def _alerts(user: User, now: datetime) -> QuerySet[Alert, Any]:
    """Return the open alerts of a scope that do not rest, in the columns of the statement."""
    tomorrow = day_bounds(business_day(now))[1]
    in_days = Q(kind=AlertKind.IDLE, params__value__regex=r"^[0-9]+$")
    # Looked up for what is in the scope alone: joined, the planner would read the fleet.
    own = Card.objects.filter(pk=OuterRef("card_id"))
    of_agent = Agent.objects.filter(pk=OuterRef("agent_id")).values("user__team_id")
    columns = {
        "in_team": Coalesce(Subquery(own.values("team_id")), Subquery(of_agent)),
        "risk": Case(When(_scored(), then=Cast(KT("params__score"), IntegerField())), default=Value(0)),
        "idle": Case(When(in_days, then=Cast(KT("params__value"), IntegerField())), default=Value(0)),
        "gravity": Case(*(When(severity=name, then=Value(place)) for name, place in GRAVEST_FIRST.items())),
        "today": _told(for_today(tomorrow)),
        "held_by": Subquery(own.values("holder_id")),
        "unseen": _told(Q(acknowledged_by__isnull=True)),
    }
    # What a leaver has in hand is in the queue as the card to be taken back.
    told = Alert.objects.open().awake(now).exclude(kind=AlertKind.LEAVER, code=HELD_BY_LEAVER)
    found = told.visible_to(user).order_by().annotate(**columns)
    return found.values_list(
        *("pk", "kind", "card_id", "in_team", "due_at", "first_seen_at", "risk", "idle", "gravity"),
        *("today", "held_by", "group_id", "unseen"),
    )


def _scored() -> Q:
    return Q(kind=AlertKind.SUSPENSION_RISK, params__score__isnull=False)


def _told(condition: Q) -> Case:
    """Return whether a condition holds as a column that is never empty."""
    return Case(When(condition, then=Value(True)), default=Value(False))  # noqa: FBT003 - SQL's own


def _handed(user: User, now: datetime) -> QuerySet[Assignment, Any]:
    """Return hand-overs nobody accepted and cards to be given back, in the columns of the statement."""
    today, held = business_day(now), Assignment.objects.open().order_by()
    back = Q(card__custody_state=CustodyState.RETURN_DUE) | Q(due_back_on__lte=today)
    matter = Case(When(back, then=Value(RETURN.code)), default=Value(ACCEPTANCE.code))
    # Each is found by an index of its own; asked for at once, all hand-overs would be read.
    unaccepted = held.filter(accepted_at__isnull=True).values("pk")
    late = held.filter(due_back_on__lte=today).values("pk")
    called_back = held.filter(card__in=Card.objects.return_due().order_by()).values("pk")
    found = held.visible_to(user).filter(pk__in=unaccepted.union(late, called_back))
    gravity = Case(
        When(agent__status=AgentStatus.LEFT, then=Value(GRAVEST_FIRST[Severity.CRITICAL])),
        default=Value(GRAVEST_FIRST[Severity.WARN]),
    )
    return found.annotate(matter=matter, gravity=gravity).values_list(
        "pk", "matter", "card_id", "due_back_on", "card__custody_since", "accept_by", "started_at", "gravity"
    )


def _first(row: Mapping[str, Any]) -> First:
    is_alert, due_at = row["source"] == "alert", _moment(row["due"])
    return First(is_alert=is_alert, pk=row["id"], kind=row["kind"], still=row["still"], due_at=due_at)


def _of_day(row: Mapping[str, Any]) -> OfDay:
    day = date.fromisoformat(row["day"]) if row["day"] else None
    return OfDay(kind=row["kind"], today=row["today"], day=day, count=row["count"], due_at=_moment(row["due"]))


def _of_group(row: Mapping[str, Any]) -> OfGroup:
    due_at = _moment(row["due"])
    return OfGroup(group_id=row["grouped"], count=row["count"], unseen=row["unseen"], due_at=due_at)


def _by_kind(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[str, int]]]:
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        found[row["kind"]].append((row["name"], row["count"]))
    return found


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

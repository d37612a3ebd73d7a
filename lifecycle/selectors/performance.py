"""An agent's month in one row: calls, cost, limits broken, complaints, quality, training (R13, R59, R62, R70, R112)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from agents.choices import Metric
from agents.models import Agent, Appraisal
from agents.selectors.targets import targets_of
from agents.selectors.training import TrainingStanding, standings
from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import month_costs
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import day_start, month_start, next_month
from cardfleet.kernel.money import ZERO
from lifecycle.choices import ReportKind
from lifecycle.rules.checked_calls import GOOD, is_used_privately

# Rules whose limit an agent breaks by calling; what a card's contract, money or registration breaks is not theirs.
LIMITS = (
    *("daily_out_calls", "hourly_out_calls", "burst", "min_gap", "daily_minutes", "distinct_callees"),
    *("callee_repeat", "callee_repeat_30d", "call_window", "holiday", "new_card_cap", "card_hours"),
    *("consent", "dnc", "agent_out_calls", "agent_hour_calls", "agent_minutes"),
)
# A card's day belongs to its last holder of the day, as in the cost report; of several sources the one that saw most
# calls counts.
MONTH = """
WITH held AS (
    SELECT agent_id, card_id, started_at, ended_at, (started_at AT TIME ZONE 'Asia/Shanghai')::date AS first,
        coalesce((ended_at AT TIME ZONE 'Asia/Shanghai')::date, 'infinity') AS last
    FROM agents_assignment WHERE undone_at IS NULL AND started_at < %(end)s
        AND (ended_at IS NULL OR ended_at > %(start)s)
        AND card_id IN (SELECT card_id FROM agents_assignment WHERE agent_id = ANY(%(agents)s))
), owned AS (
    SELECT DISTINCT ON (held.card_id, day.day) held.agent_id, held.card_id, day.day::date AS day
    FROM held JOIN generate_series(%(first)s::date, %(last)s::date, '1 day') AS day (day)
        ON day.day BETWEEN held.first AND held.last
    ORDER BY held.card_id, day.day, held.started_at DESC
), calls AS (
    SELECT DISTINCT ON (card_id, day) card_id, day, calls, answered, seconds, outside_window
    FROM billing_usagedaily WHERE day BETWEEN %(first)s AND %(last)s AND card_id IN (SELECT card_id FROM held)
    ORDER BY card_id, day, calls DESC
), called AS (
    SELECT agent_id, sum(calls) AS calls, sum(answered) AS answered, sum(seconds) AS seconds,
        sum(outside_window) AS outside
    FROM calls JOIN owned USING (card_id, day) GROUP BY agent_id
), broken AS (
    SELECT agent_id, count(*) AS broken FROM lifecycle_finding found JOIN owned USING (card_id, day)
    WHERE found.day BETWEEN %(first)s AND %(last)s AND kind = ANY(%(limits)s) AND found.value >= found."limit"
    GROUP BY agent_id
), complained AS (
    SELECT held.agent_id, count(DISTINCT said.id) AS complaints FROM lifecycle_complaint said JOIN held
        ON held.card_id = said.card_id AND said.received_at >= held.started_at
        AND (held.ended_at IS NULL OR said.received_at < held.ended_at)
    WHERE said.kind = %(complaint)s AND said.is_valid AND said.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM lifecycle_complaint back WHERE back.reverses_id = said.id)
        AND said.received_at >= %(start)s AND said.received_at < %(end)s
    GROUP BY held.agent_id
), checked AS (
    SELECT agent_id, count(*) AS checks, avg(points) AS points
    FROM lifecycle_qualitycheck WHERE called_on BETWEEN %(first)s AND %(last)s GROUP BY agent_id
), pleased AS (
    SELECT agent_id, avg(satisfaction) AS satisfaction FROM (
        SELECT agent_id, satisfaction FROM lifecycle_qualitycheck WHERE called_on BETWEEN %(first)s AND %(last)s
        UNION ALL SELECT agent_id, satisfaction FROM lifecycle_customerproblem
        WHERE raised_on BETWEEN %(first)s AND %(last)s) said
    GROUP BY agent_id
)
SELECT agent.id, coalesce(calls, 0), coalesce(answered, 0), coalesce(seconds, 0), coalesce(outside, 0),
    coalesce(broken, 0), coalesce(complaints, 0), coalesce(checks, 0), points, satisfaction
FROM unnest(%(agents)s::bigint[]) AS agent (id) LEFT JOIN called ON called.agent_id = agent.id
LEFT JOIN broken ON broken.agent_id = agent.id LEFT JOIN complained ON complained.agent_id = agent.id
LEFT JOIN checked ON checked.agent_id = agent.id LEFT JOIN pleased ON pleased.agent_id = agent.id
"""
TENTH, FEN = Decimal("0.1"), Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class AgentMonth:
    """An agent's month. `calls` are outgoing; `cost` is CNY; `points` 0 to 100 and `satisfaction` 1 to 5, means."""

    agent: Agent
    month: date
    calls: int
    answered: int
    seconds: int
    outside: int
    broken: int
    complaints: int
    checks: int
    points: Decimal | None
    satisfaction: Decimal | None
    cost: Decimal
    training: str
    standing: TrainingStanding
    targets: Mapping[str, int] = field(default_factory=dict)
    appraisal: Appraisal | None = None

    @property
    def minutes(self) -> int:
        """Outgoing minutes, started ones counted whole over the month."""
        return -(-self.seconds // 60)

    @property
    def cost_per_answer(self) -> Decimal | None:
        """CNY for each answered call; None without any."""
        return (self.cost / self.answered).quantize(FEN) if self.answered else None

    @property
    def is_used_privately(self) -> bool:
        """Whether use outside the calling hours should be asked about."""
        return is_used_privately(calls=self.calls, outside=self.outside)

    @property
    def is_good(self) -> bool:
        """Whether the checked calls were good on the whole."""
        return self.points is not None and self.points >= GOOD

    @property
    def reached(self) -> Sequence[tuple[Metric, int, int | None]]:
        """Each target with what was reached of it; None for what is counted elsewhere."""
        known = {Metric.CALLS: self.calls, Metric.ANSWERED: self.answered, Metric.MINUTES: self.minutes}
        return [(metric, self.targets[metric], known.get(metric)) for metric in Metric if metric in self.targets]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as an appraisal keeps them."""
        names = ("calls", "answered", "minutes", "outside", "broken", "complaints", "checks", "training")
        told = {name: getattr(self, name) for name in names}
        for name in ("cost", "cost_per_answer", "points", "satisfaction"):
            value = getattr(self, name)
            told[name] = None if value is None else str(value)
        return {**told, "targets": dict(self.targets)}


def performance(agents: "QuerySet[Agent]", *, month: date, user: User | None, today: date) -> list[AgentMonth]:
    """Return the month of a day for some agents, in the order of the queryset; a fixed number of queries.

    `user` is whose scope the costs are told in; None for all.
    """
    people = list(agents.select_related("user__team"))
    first = month_start(month)
    ids = [agent.pk for agent in people]
    rows = _figures(ids, first)
    costs = {row.pk: row.total for row in month_costs(first, CostBy.AGENT, user=user).rows if row.pk}
    trained, aims = standings(ids, today), targets_of(ids, first)
    said = {one.agent_id: one for one in Appraisal.objects.filter(agent__in=ids, month=first)}
    return [
        AgentMonth(
            agent=agent,
            month=first,
            **rows[agent.pk],
            cost=costs.get(agent.pk, ZERO),
            training=trained[agent.pk].state(today),
            standing=trained[agent.pk],
            targets=aims.get(agent.pk, {}),
            appraisal=said.get(agent.pk),
        )
        for agent in people
    ]


def scope_performance(
    user: User, *, month: date, team: Team | None, today: date, most: int | None = None
) -> list[AgentMonth]:
    """Return the months of the active agents in a person's scope, of a team and below where one is named, by team."""
    found = Agent.objects.visible_to(user).active()
    if team:
        found = found.filter(user__team__path__startswith=str(team.path))
    listed = found.order_by("user__team__path", "user__name_pinyin", "pk")[:most]
    return performance(listed, month=month, user=user, today=today)


def _figures(agent_ids: Sequence[int], first: date) -> dict[int, dict[str, Any]]:
    after = next_month(first)
    parameters: dict[str, Any] = {
        "agents": list(agent_ids),
        "start": day_start(first),
        "end": day_start(after),
        "first": first,
        "last": date.fromordinal(after.toordinal() - 1),
        "limits": list(LIMITS),
        "complaint": ReportKind.COMPLAINT,
    }
    names = ("calls", "answered", "seconds", "outside", "broken", "complaints", "checks", "points", "satisfaction")
    with connection.cursor() as cursor:
        cursor.execute(MONTH, parameters)
        found = {pk: dict(zip(names, values, strict=True)) for pk, *values in cursor}
    for row in found.values():
        for name in ("points", "satisfaction"):
            row[name] = None if row[name] is None else row[name].quantize(TENTH)
    return found

"""The stops of a period, one row a stop, and the report of them (R41, R43)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import day_start, month_start, next_month
from cardfleet.kernel.compiled import words_of
from cards.choices import ServiceState, StopReason
from cards.models import Card, Carrier
from lifecycle.choices import DowntimeBy
from lifecycle.rules.cases.suspension import BY_CARRIER
from lifecycle.rules.downtime import DowntimeRow, Period, Stopped, by_group, total
from lifecycle.selectors.policy import calling_hours, policy_now, rates_of

CALLED_DAYS = 7
CUSTOMER_DAYS = 3
# A stop is a run of states in which the carrier held the card: from one-way to two-way stop is one. Its reason is what
# the carrier confirmed in a case that was open meanwhile, else the last that was recorded. Calls are the mean of the
# days before on which it called; of two sources that saw a day, the one that saw most speaks.
STOPS = """
WITH mine AS ({cards}), standing AS (
    SELECT change.id, card_id, to_state, reason, at, to_state = ANY(%(stopped)s) AS is_stop,
        count(*) FILTER (WHERE to_state <> ALL(%(stopped)s)) OVER (PARTITION BY card_id ORDER BY at, id) AS run
    FROM cards_cardchange change
    WHERE axis = 'service' AND reverses_id IS NULL AND at < %(end)s AND card_id IN (SELECT id FROM mine)
        AND NOT EXISTS (SELECT FROM cards_cardchange back WHERE back.reverses_id = change.id)
), stops AS (
    SELECT card_id, run, min(at) AS begun,
        (array_agg(reason ORDER BY at DESC, id DESC) FILTER (WHERE reason <> ''))[1] AS reason
    FROM standing WHERE is_stop GROUP BY card_id, run
), found AS (
    SELECT stops.*, ending.at AS ended, ending.to_state = %(active)s AS is_restored FROM stops
    LEFT JOIN standing ending ON ending.card_id = stops.card_id AND ending.run = stops.run + 1 AND NOT ending.is_stop
    WHERE ending.at IS NULL OR ending.at > %(start)s
)
SELECT found.card_id, card.carrier_id, coalesce(told.cause, found.reason, ''), coalesce(held.team_id, card.team_id),
    held.agent_id, held.agent_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM agents_assignment also JOIN cards_card spare ON spare.id = also.card_id
        WHERE also.agent_id = held.agent_id AND also.card_id <> found.card_id AND also.undone_at IS NULL
            AND also.started_at <= found.begun AND (also.ended_at IS NULL OR also.ended_at > found.begun)
            AND NOT EXISTS (SELECT FROM found other WHERE other.card_id = also.card_id AND other.begun <= found.begun
                AND (other.ended IS NULL OR other.ended > found.begun))
            AND (spare.service_state = %(active)s OR spare.service_since > found.begun)),
    found.begun, found.ended, coalesce(found.is_restored, false),
    (SELECT coalesce(avg(calls), 0) FROM (
        SELECT max(calls) AS calls FROM billing_usagedaily WHERE card_id = found.card_id AND calls > 0
            AND day >= (found.begun AT TIME ZONE 'Asia/Shanghai')::date - %(called_days)s::int
            AND day < (found.begun AT TIME ZONE 'Asia/Shanghai')::date GROUP BY day) days),
    (SELECT count(DISTINCT counterpart) FROM billing_usagerecord WHERE card_id = found.card_id AND direction = 'out'
        AND started_at >= found.begun - %(customer_days)s AND started_at < found.begun)
FROM found JOIN cards_card card ON card.id = found.card_id
LEFT JOIN LATERAL (
    SELECT agent_id, team_id FROM agents_assignment WHERE card_id = found.card_id AND undone_at IS NULL
        AND started_at <= found.begun AND (ended_at IS NULL OR ended_at > found.begun) LIMIT 1) held ON true
LEFT JOIN LATERAL (
    SELECT cause FROM lifecycle_case WHERE card_id = found.card_id AND kind = 'suspension' AND cause <> ''
        AND opened_at <= coalesce(found.ended, %(end)s) AND (closed_at IS NULL OR closed_at >= found.begun)
    ORDER BY opened_at DESC LIMIT 1) told ON true
ORDER BY found.begun, found.card_id
"""


@dataclass(frozen=True, kw_only=True)
class NamedRow:
    """A group of the report with its name; `key` is a carrier's or team's id, or a reason."""

    name: str
    row: DowntimeRow


@dataclass(frozen=True, kw_only=True)
class DowntimeReport:
    """A month's downtime. `is_illustrative`: lost time is reckoned at amounts that nobody established."""

    month: date
    by: DowntimeBy
    rows: Sequence[NamedRow]
    total: DowntimeRow
    is_illustrative: bool


def stopped_in(cards: str, period: Period, states: Collection[str] = BY_CARRIER) -> list[Stopped]:
    """Return the stops that touch a period, in one statement; `cards` selects the ids of those looked at.

    `states` are what counts as stopped.
    """
    given: dict[str, Any] = {
        "start": period.start,
        "end": period.end,
        "stopped": sorted(states),
        "active": ServiceState.ACTIVE,
        "called_days": CALLED_DAYS,
        "customer_days": timedelta(days=CUSTOMER_DAYS),
    }
    names = (
        *("card", "carrier", "reason", "team", "agent", "is_idle", "begun", "ended", "is_restored"),
        *("calls_a_day", "customers"),
    )
    with connection.cursor() as cursor:
        cursor.execute(STOPS.format(cards=cards), given)
        return [Stopped(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def downtime(month: date, by: DowntimeBy, *, user: User, now: datetime) -> DowntimeReport:
    """Return the downtime of a person's cards in the month of a day, up to now. Four queries."""
    period = Period(start=day_start(month_start(month)), end=min(now, day_start(next_month(month))))
    found = stopped_in(words_of(Card.objects.visible_to(user).order_by().values("id"), {}), period)
    policy, hours = policy_now(), calling_hours()
    rates = rates_of(policy)
    rows = by_group(found, by, period, hours=hours, rates=rates)
    names = _names(by, [row.key for row in rows])
    return DowntimeReport(
        month=month_start(month),
        by=by,
        rows=[NamedRow(name=names.get(row.key, ""), row=row) for row in rows],
        total=total(found, period, hours=hours, rates=rates),
        is_illustrative=policy.is_illustrative,
    )


def _names(by: DowntimeBy, keys: Sequence[int | str | None]) -> Mapping[int | str | None, str]:
    if by == DowntimeBy.REASON:
        return {"": _("No reason known"), **{reason.value: str(reason.label) for reason in StopReason}}
    model: Any = Carrier if by == DowntimeBy.CARRIER else Team
    named = model.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "name")
    return {None: _("No team"), **dict(named)}

"""How reliable and how dear each carrier was in a month (R43): what is known of it, and nothing that is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, F

from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import month_costs
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import day_start, month_start, next_month
from cardfleet.kernel.compiled import words_of
from cards.choices import ENDED, CustodyState, ServiceState, StopReason
from cards.models import Card, Carrier
from lifecycle.choices import ReportKind, StepState
from lifecycle.models import CaseStep, Complaint
from lifecycle.rules.cases.suspension import BY_CARRIER
from lifecycle.rules.quality import Quality
from lifecycle.selectors.cases.repairs import Repairs, repairs
from lifecycle.selectors.conduct_stops import CONFIRMED
from lifecycle.selectors.quality import carrier_quality

FAULTS = (StopReason.MAINTENANCE, StopReason.CARD_FAULT)
# How long each card stood in each state within the month, by the changes that stand.
STATES = """
WITH mine AS ({cards}), standing AS (
    SELECT change.id, change.card_id, axis, from_state, to_state, at,
        CASE WHEN axis = 'service' AND to_state = ANY(%(stopped)s) THEN {confirmed} ELSE reason END AS cause
    FROM cards_cardchange change
    WHERE reverses_id IS NULL AND at < %(end)s AND card_id IN (SELECT id FROM mine)
        AND NOT EXISTS (SELECT FROM cards_cardchange back WHERE back.reverses_id = change.id)
), stays AS (
    SELECT card_id, from_state, to_state, at,
        lead(at, 1, %(end)s) OVER (PARTITION BY card_id ORDER BY at, id) AS until
    FROM standing WHERE axis = 'service'
), spent AS (
    SELECT card_id,
        sum(extract(epoch FROM until - greatest(at, %(start)s))) FILTER (WHERE to_state <> ALL(%(idle)s)) AS alive_s,
        sum(extract(epoch FROM until - greatest(at, %(start)s))) FILTER (WHERE to_state = ANY(%(stopped)s)) AS down_s,
        bool_or(at >= %(start)s AND from_state <> '' AND to_state = ANY(%(stopped)s)) AS was_stopped
    FROM stays WHERE until > %(start)s GROUP BY card_id
), faulty AS (
    SELECT DISTINCT card_id FROM standing WHERE at >= %(start)s AND from_state <> ''
        AND (axis = 'custody' AND to_state = %(faulty)s OR axis = 'service' AND cause = ANY(%(faults)s))
)
SELECT card.carrier_id, count(*), sum(alive_s), coalesce(sum(down_s), 0),
    count(*) FILTER (WHERE was_stopped), count(faulty.card_id)
FROM spent JOIN cards_card card ON card.id = spent.card_id LEFT JOIN faulty ON faulty.card_id = spent.card_id
WHERE alive_s > 0 GROUP BY card.carrier_id
"""
HUNDRED = Decimal(100)
NOTHING_SAID = Quality()


@dataclass(frozen=True, kw_only=True)
class Score:
    """A carrier's month: `cards` whose number was ours, those the carrier stopped, faulty ones; rates in per cent.

    `down_hours` is the mean time a stopped card stood still; `cost` is CNY an answered minute, None without minutes;
    `answer_hours` the mean time from a case to the cause its carrier confirmed, None without such a case; `quality`
    what people said of calls, and those dropped; `repairs` the faults it mended, None without any.
    """

    carrier: Carrier
    cards: int
    stopped: int
    faulty: int
    complaints: int
    downtime: Decimal
    down_hours: Decimal | None
    cost: Decimal | None
    answer_hours: Decimal | None = None
    quality: Quality = NOTHING_SAID
    repairs: Repairs | None = None

    @property
    def stop_rate(self) -> Decimal:
        """Cards stopped, per 100."""
        return _share(self.stopped, self.cards)

    @property
    def fault_rate(self) -> Decimal:
        """Cards with a fault, per 100."""
        return _share(self.faulty, self.cards)

    @property
    def complaint_rate(self) -> Decimal:
        """Valid complaints per 100 cards."""
        return _share(self.complaints, self.cards)


def scorecard(month: date, *, user: User, now: datetime) -> Sequence[Score]:
    """Return the carriers of a person's cards in the month of a day, the one with most cards first. Ten queries."""
    start, end = day_start(month_start(month)), min(now, day_start(next_month(month)))
    with connection.cursor() as cursor:
        cursor.execute(_statement(user), _values(start, end))
        states = {row[0]: row[1:] for row in cursor}
    complained, costs = _complaints(user, start, end), _costs(month, user)
    answers, quality, mended = _answers(user, start, end), carrier_quality(user, start, end), repairs(user, start, end)
    carriers = Carrier.objects.in_bulk(states)
    found = [
        Score(
            carrier=carriers[pk],
            cards=cards,
            stopped=stopped,
            faulty=faulty,
            complaints=complained.get(pk, 0),
            downtime=_share(down_s, alive_s),
            down_hours=(Decimal(down_s) / 3600 / stopped).quantize(Decimal("0.1")) if stopped else None,
            cost=costs.get(pk),
            answer_hours=answers.get(pk),
            quality=quality.get(pk, NOTHING_SAID),
            repairs=mended.get(pk),
        )
        for pk, (cards, alive_s, down_s, stopped, faulty) in states.items()
    ]
    return sorted(found, key=lambda score: (-score.cards, score.carrier.name))


def _statement(user: User) -> str:
    return STATES.format(confirmed=CONFIRMED, cards=words_of(Card.objects.visible_to(user).order_by().values("id"), {}))


def _values(start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "start": start,
        "end": end,
        "idle": sorted(ENDED | {ServiceState.PENDING}),
        "stopped": sorted(BY_CARRIER),
        "faulty": CustodyState.FAULTY,
        "faults": list(FAULTS),
    }


def _complaints(user: User, start: datetime, end: datetime) -> dict[int, int]:
    said = Complaint.objects.standing().visible_to(user).filter(kind=ReportKind.COMPLAINT, is_valid=True)
    counted = said.filter(received_at__gte=start, received_at__lt=end).order_by().values_list("card__carrier")
    return dict(counted.annotate(Count("pk")))


def _answers(user: User, start: datetime, end: datetime) -> dict[int, Decimal]:
    """Return the mean hours that carriers took to say why a card was stopped (R44)."""
    told = CaseStep.objects.standing().filter(code="cause", state=StepState.DONE, done_at__gte=start, done_at__lt=end)
    mine = told.filter(case__card__in=Card.objects.visible_to(user)).order_by()
    took = mine.values_list("case__card__carrier").annotate(mean=Avg(F("done_at") - F("case__opened_at")))
    return {pk: (Decimal(mean.total_seconds()) / 3600).quantize(Decimal("0.1")) for pk, mean in took}


def _costs(month: date, user: User) -> dict[int, Decimal]:
    rows = month_costs(month, CostBy.CARRIER, user=user).rows
    return {row.pk: (row.total * 60 / row.seconds).quantize(Decimal("0.001")) for row in rows if row.pk and row.seconds}


def _share(part: Any, whole: Any) -> Decimal:
    return (Decimal(part) * HUNDRED / Decimal(whole)).quantize(Decimal("0.1")) if whole else Decimal(0)

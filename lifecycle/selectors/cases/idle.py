"""Cards that a carrier will soon take back because nobody uses them, and which are used again (R100, R102, R109).

What counts as use is the carrier's to say; what counts as genuine is ours: an answered call with somebody who is not
one of our own numbers, or a top-up.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from billing.choices import EntryKind
from cardfleet.kernel.clock import business_day
from cards.choices import ServiceState
from cards.rules.carrier_terms import CarrierTerms, Dated
from lifecycle.choices import CaseKind
from lifecycle.rules.cases.idle import LEAD_DAYS, IdleFacts, is_near, recycled_on

LAST_USED = """
SELECT card.id, call.day, topped.at, card.activated_on, card.created_at, carrier.recycle_after_days
FROM cards_card card
JOIN cards_carrier carrier ON carrier.id = card.carrier_id
LEFT JOIN LATERAL (
    SELECT max(day) AS day FROM billing_usagedaily WHERE card_id = card.id AND day <= %(today)s
) call ON true
LEFT JOIN (
    SELECT member.card_id, max(entry.at) AS at
    FROM billing_accountcard member
    JOIN billing_ledgerentry entry ON entry.account_id = member.account_id AND entry.kind = %(top_up)s
    WHERE member.ends_on IS NULL AND (%(cards)s::bigint[] IS NULL OR member.card_id = ANY(%(cards)s::bigint[]))
    GROUP BY member.card_id
) topped ON topped.card_id = card.id
"""
SILENT = f"""{LAST_USED}
WHERE card.service_state = %(active)s
    AND (call.day IS NULL OR call.day + carrier.recycle_after_days <= %(near)s)
    AND NOT EXISTS (
        SELECT FROM lifecycle_case past WHERE past.card_id = card.id AND (
            (past.closed_at IS NULL AND past.track = 'future')
            OR (past.kind = %(kind)s AND (past.opened_at AT TIME ZONE 'Asia/Shanghai')::date
                > coalesce(greatest(call.day, (topped.at AT TIME ZONE 'Asia/Shanghai')::date), date '2000-01-01'))
        )
    )
ORDER BY card.id
"""
OF_CARDS = f"{LAST_USED} WHERE card.id = ANY(%(cards)s::bigint[])"
# The first genuine use of each open idle case; a call between our own numbers is none.
USED_AGAIN = """
SELECT waiting.id, least(call.at, topped.at)
FROM lifecycle_case waiting
LEFT JOIN LATERAL (
    SELECT min(record.started_at) AS at FROM billing_usagerecord record
    WHERE record.card_id = waiting.card_id AND record.started_at > waiting.opened_at AND record.started_at <= %(now)s
        AND record.answered AND record.duration_s > 0
        AND NOT EXISTS (SELECT FROM cards_card own WHERE own.msisdn = record.counterpart)
) call ON true
LEFT JOIN LATERAL (
    SELECT min(entry.at) AS at
    FROM billing_accountcard member JOIN billing_ledgerentry entry ON entry.account_id = member.account_id
    WHERE member.card_id = waiting.card_id AND member.ends_on IS NULL AND entry.kind = %(top_up)s
        AND entry.at > waiting.opened_at AND entry.at <= %(now)s
) topped ON true
WHERE waiting.kind = %(kind)s AND waiting.closed_at IS NULL
    AND (%(cases)s::bigint[] IS NULL OR waiting.id = ANY(%(cases)s::bigint[]))
    AND (call.at IS NOT NULL OR topped.at IS NOT NULL)
ORDER BY waiting.id
"""


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A card that is not used: when it last was, and when its carrier is expected to take it back."""

    card_id: int
    facts: IdleFacts
    recycled: Dated | None


def silent_cards(*, today: date) -> list[Silence]:
    """Return the cards in service that are near the day they are recycled.

    Those of which something is being decided, or was since they were last used, are left out: a run twice or late
    opens nothing twice.
    """
    found = _silences(SILENT, today, None)
    return [one for one in found if is_near(one.recycled, today=today)]


def silences(card_ids: Collection[int], *, today: date) -> Mapping[int, Silence]:
    """Return when some cards were last used, by id."""
    return {one.card_id: one for one in _silences(OF_CARDS, today, list(card_ids))}


def used_again(*, now: datetime, case_ids: Collection[int] | None = None) -> dict[int, datetime]:
    """Return when the cards of open idle cases, some or (None) all, were genuinely used again, by case id."""
    cases = None if case_ids is None else list(case_ids)
    values: dict[str, Any] = {"now": now, "kind": CaseKind.IDLE, "top_up": EntryKind.TOP_UP, "cases": cases}
    with connection.cursor() as cursor:
        cursor.execute(USED_AGAIN, values)
        return dict(cursor.fetchall())


def _silences(statement: str, today: date, cards: list[int] | None) -> Iterator[Silence]:
    values: dict[str, Any] = {
        "today": today,
        "near": today + timedelta(days=LEAD_DAYS),
        "active": ServiceState.ACTIVE,
        "top_up": EntryKind.TOP_UP,
        "cards": cards,
        "kind": CaseKind.IDLE,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    for row in rows:
        facts = _facts(*row[1:])
        yield Silence(card_id=row[0], facts=facts, recycled=recycled_on(facts))


def _facts(
    call: date | None, topped: datetime | None, activated: date | None, created: datetime, days: Any
) -> IdleFacts:
    known = business_day(created)
    return IdleFacts(
        last_call_on=call,
        last_topup_on=business_day(topped) if topped else None,
        known_since=max(activated, known) if activated else known,
        terms=CarrierTerms(recycle_after_days=days),
    )

"""What failed calls have said of cards lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from billing.models import UsageSignal
from billing.rules.signals import LIMITING, STOPPING

# A call of the card that was answered later proves that the carrier lets its calls through again.
SINCE = """
WITH spoken AS (
    SELECT card_id, meaning = ANY(%(stopping)s) AS stops, count(*) AS calls, min(at) AS first_at, max(at) AS last_at,
        (array_agg(code ORDER BY at DESC))[1] AS code, (array_agg(meaning ORDER BY at DESC))[1] AS meaning
    FROM billing_usagesignal WHERE at >= %(since)s AND meaning = ANY(%(meanings)s)
    GROUP BY card_id, meaning = ANY(%(stopping)s)
)
SELECT DISTINCT ON (card_id) card_id, stops, calls, first_at, last_at, code, meaning FROM spoken
WHERE NOT EXISTS (
    SELECT 1 FROM billing_usagerecord u WHERE u.card_id = spoken.card_id AND u.started_at > spoken.last_at
        AND u.direction = 'out' AND u.answered)
ORDER BY card_id, stops DESC
"""
SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What a card's failed calls say: that it seems stopped (`stops`), or that its calls are limited.

    `calls` failed so between `first_at` and `last_at`; `code` and `meaning` are the last one's.
    """

    card_id: int
    stops: bool
    calls: int
    first_at: datetime
    last_at: datetime
    code: str
    meaning: str


def since(moment: datetime) -> list[Spoken]:
    """Return what failed calls since a moment say of the cards that made them, the graver thing of each card.

    A card that had a call answered afterwards is left out. One statement for the fleet.
    """
    facts: dict[str, Any] = {"since": moment, "stopping": _values(STOPPING), "meanings": _values(STOPPING | LIMITING)}
    names = ("card_id", "stops", "calls", "first_at", "last_at", "code", "meaning")
    with connection.cursor() as cursor:
        cursor.execute(SINCE, facts)
        return [Spoken(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def latest(card_id: int) -> list[UsageSignal]:
    """Return the last signals of a card, newest first, for its page."""
    return list(UsageSignal.objects.filter(card_id=card_id).select_related("source").order_by("-at")[:SHOWN])


def _values(meanings: Iterable[str]) -> list[str]:
    return sorted(map(str, meanings))

"""Gathers what rules ask of calls beyond rollups: pauses, refusals, consents, repeats, totals of groups.

It runs beside the imports and reads the day's calls once; who was called comes from `billing.CalleeDay`, which a job
of its own keeps. Running it again gives the same rows.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction

from agents.choices import ListingKind
from agents.models import CalleeListing
from agents.selectors.callees import hash_of
from cardfleet.kernel.clock import day_bounds
from lifecycle.selectors.facts import moment_on
from lifecycle.services.gathering_sql import CONDUCT, FORGET, GROUPS, HASHES

DAYS_KEPT = 31
IDLE_DAYS = 30
HASHED_AT_ONCE = 10_000
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('lifecycle.gathering'))"
CALLED = "SELECT DISTINCT counterpart FROM billing_calleeday WHERE day = %s"


@transaction.atomic
def gather_conduct(*, on: date, now: datetime) -> dict[str, int]:
    """Gather a Shanghai day as of now, or as of its end; return how many cards and groups called.

    Calls to refused numbers are told by hashes alone; without a single consent on record nobody is said to lack one.
    """
    start, end = day_bounds(on)
    moment = moment_on(on, now)
    facts: dict[str, Any] = {
        "day": on,
        "start": start,
        "end": end,
        "moment": moment,
        "since_day": moment - timedelta(hours=24),
        "since_month": on - timedelta(days=30),
        "idle_since": on - timedelta(days=IDLE_DAYS),
        "kept": on - timedelta(days=DAYS_KEPT),
        "any_consent": CalleeListing.objects.filter(kind=ListingKind.CONSENT).exists(),
    }
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        for statement in FORGET:
            cursor.execute(statement, facts)
        _hash_callees(on)
        cursor.execute(CONDUCT, facts)
        cards = int(cursor.rowcount)
        cursor.execute(GROUPS, facts)
        return {"cards_gathered": cards, "groups_gathered": int(cursor.rowcount)}


def _hash_callees(on: date) -> None:
    """Keep the hash of every number called that day in the session, where any number is listed at all."""
    with connection.cursor() as cursor:
        cursor.execute(HASHES)
    if not CalleeListing.objects.exists():
        return
    called = _called(on)
    while numbers := list(islice(called, HASHED_AT_ONCE)):
        with connection.cursor() as cursor:
            hashes = [hash_of(number) for number in numbers]
            cursor.execute("INSERT INTO callee_hash SELECT * FROM unnest(%s, %s)", [numbers, hashes])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE pg_temp.callee_hash")


def _called(on: date) -> Iterator[str]:
    connection.ensure_connection()
    with connection.chunked_cursor() as cursor:
        cursor.execute(CALLED, [on])
        for (number,) in cursor:
            yield number

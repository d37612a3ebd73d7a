"""R4: what a changed rule would have hit over 30 days, beside a bare sum of the rollups it reads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from statistics import median

from django.db import connection
from django.utils import timezone

from bench import data
from bench.data import dice
from bench.runner import Bench, Figure, against, take_turns
from billing.models import UsageDaily
from cardfleet.kernel.clock import business_day
from cards.models import Card, Carrier, CarrierRule
from lifecycle.rules.replay import Draft
from lifecycle.selectors.replay import DAYS, replay
from lifecycle.selectors.rules import terms_of

CARDS = 100_000
BAR_S = 10
SUM = """
SELECT count(*), sum(most) FROM (
    SELECT card_id, max(calls) AS most FROM billing_usagedaily WHERE day >= %s AND day < %s GROUP BY card_id
) card"""


def replays(bench: Bench) -> Iterator[Figure]:
    """R4: another limit of calls a day, of calls an hour, and a scope; every card calls on every day."""
    data.cards(bench.scaled(CARDS, least=200))
    today = business_day(timezone.now())
    first = today - timedelta(days=DAYS)
    days = f"generate_series('{first}'::date, '{today - timedelta(days=1)}'::date, interval '1 day') AS day"
    held = "EXISTS (SELECT FROM billing_usagedaily u WHERE u.card_id = c.id AND u.day = s.day::date)"
    number = "c.id * 64 + extract(doy FROM s.day)::bigint"
    calls = dice(number, 41, 220)
    data.insert(
        UsageDaily,
        f"cards_card c CROSS JOIN (SELECT day FROM {days}) s WHERE NOT {held} ORDER BY c.id",
        card_id="c.id", day="s.day::date", role="'carrier'", calls=calls, answered=f"{calls} / 2",
        seconds=f"{calls} * 40",
        distinct_callees=calls, most_to_one="1", most_in_60=f"{calls} / 4", most_in_10=f"{calls} / 12",
        under_10=f"{calls} / 6", hours="array_fill(0, ARRAY[24])", last_at="s.day",
    )  # fmt: skip
    data.analyse("billing_usagedaily", "cards_card")
    drafts = {
        "limit a day": _draft("daily_out_calls", warn=Decimal(140), limit=Decimal(180)),
        "limit an hour": _draft("hourly_out_calls", warn=Decimal(35), limit=Decimal(50)),
        "scope": _draft("daily_out_calls", scoped=True),
    }
    now = timezone.now()
    sides = {name: lambda draft=draft: replay(draft, now=now) for name, draft in drafts.items()}
    taken = take_turns({**sides, "sum": lambda: _summed(first, today)}, rounds=bench.rounds)
    rows = UsageDaily.objects.filter(day__gte=first, day__lt=today).count()
    for name in sides:
        yield against(taken, name, "sum").figure(f"R4 replay of a {name} / sum of its rollups", bar=None)
        seconds = taken[name]
        yield Figure(
            name=f"R4 replay of a {name}",
            value=median(seconds),
            unit="s",
            bar=BAR_S,
            low=min(seconds),
            high=max(seconds),
            note=f"{Card.objects.count()} cards, {rows} rollups",
        )


def _draft(kind: str, *, scoped: bool = False, **values: Decimal) -> Draft:
    rule = CarrierRule.objects.filter(kind=kind, carrier=None, industry="", effective_to=None).order_by("pk")[0]
    terms = replace(terms_of(rule), effective_from=business_day(timezone.now()), **values)
    if scoped:
        terms = replace(terms, scope=replace(terms.scope, carrier=Carrier.objects.order_by("pk")[0].pk))
    return Draft(terms=terms, lineage=frozenset({rule.pk}))


def _summed(*span: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SUM, span)
        cursor.fetchone()


MEASURES = {"R4": replays}

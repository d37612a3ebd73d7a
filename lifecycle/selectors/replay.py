"""What a rule would have hit over the last days, beside what the present one hit (design, section 6; R2, R21).

Both are applied to the fleet as it stands, over the rollups of the days, in a few set-based statements whatever the
number of cards. Where a window, gap or short-call length changes, the days' calls are read instead, one day after
another, so that it can be told how far it is. A kind that is not measured by calls is known for today only: then the
kind's own function is asked of every card that either rule may hit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

from cardfleet.kernel.clock import business_day, day_bounds
from cardfleet.kernel.masking import mask_msisdn
from cards.choices import ENDED, STOPPED
from cards.models import Card, CarrierRule
from cards.rules.scope import Choice, RuleTerms, Scope
from lifecycle.rules.findings import Finding
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.replay import DRAFTED, NEVER, Day, Draft, Replay, alerts_from
from lifecycle.selectors import replay_sql
from lifecycle.selectors.calendar import day_type_on
from lifecycle.selectors.facts import CardInputs, Ground, facts_of, ground_at, keep_inputs
from lifecycle.selectors.replay_sql import DAILY, RECORDS, Span
from lifecycle.selectors.rules import RuleBook, terms_of
from lifecycle.selectors.sieve import touched

DAYS = 30
Told = Callable[[int], None]


class _Sides(NamedTuple):
    """The rules of the kind as they are and as they would be, and of whom it is asked."""

    old: RuleBook
    new: RuleBook
    draft: Draft

    def of(self, scope: Scope, agreed: int | None) -> tuple[RuleTerms | None, RuleTerms | None] | None:
        """Return both rules of a scope; None where the draft changes nothing there."""
        kind = self.draft.terms.kind
        old, new = (book.for_scope(scope, agreed=agreed, contract="").get(kind) for book in (self.old, self.new))
        return (_terms(old), _terms(new)) if self._is_meant(old, new) else None

    def _is_meant(self, old: Choice | None, new: Choice | None) -> bool:
        return bool(old and old.terms.rule_id in self.draft.lineage) or bool(new and new.terms.rule_id == DRAFTED)


def _terms(choice: Choice | None) -> RuleTerms | None:
    return choice.terms if choice else None


def needs_records(draft: Draft) -> bool:
    """Whether the draft changes what rollups do not hold: a window, a gap, a short-call length."""
    kind = draft.terms.kind
    if kind not in RECORDS:
        return False
    before = CarrierRule.objects.filter(pk__in=draft.lineage).order_by("version").last()
    if before is None:
        return kind not in DAILY
    return kind not in DAILY or (before.window, before.params) != (draft.terms.window, draft.terms.params)


@transaction.atomic
def replay(draft: Draft, *, now: datetime, on_records: bool = False, told: Told | None = None) -> Replay:
    """Return what a draft would have hit on the 30 days before today. Makes tables of the session, writes nothing.

    `on_records` reads the calls themselves, and tells `told` after each day that it is done.
    """
    sides, kind = _sides(draft), draft.terms.kind
    last = business_day(now) - timedelta(days=1)
    if kind not in DAILY and kind not in RECORDS:
        return _replay_today(sides, now)
    span = Span(last - timedelta(days=DAYS - 1), last)
    measures, cards = _make_cards(sides, now)
    if on_records or kind not in DAILY:
        _read_records(measures, kind, span, told)
    else:
        _read_rollups(measures, kind, span)
    return _summary(sides, span, cards=cards)


def _sides(draft: Draft) -> _Sides:
    day, kind = draft.terms.effective_from, draft.terms.kind
    rules = [terms_of(rule) for rule in CarrierRule.objects.in_force(day).filter(kind=kind)]
    others = [rule for rule in rules if rule.rule_id not in draft.lineage]
    return _Sides(RuleBook(rules, day=day), RuleBook([*others, draft.now_written], day=day), draft)


def _make_cards(sides: _Sides, now: datetime) -> tuple[list[RuleTerms], int]:
    """Keep the cards with both their rules in the session; return the rules by measure, and how many cards."""
    asked: dict[str, Any] = {
        "own": sorted({card for book in (sides.old, sides.new) for card in book.own_cards if card}),
        "ended": sorted(ENDED),
        "today": business_day(now),
    }
    measures: list[RuleTerms] = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        for name in ("scope", "card", "hit"):
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.replay_{name}")
        cursor.execute(replay_sql.SCOPES, asked)
        rows = list(_scope_rows(cursor.fetchall(), sides, measures))
        cursor.execute(replay_sql.MAKE_SCOPES)
        cursor.executemany(replay_sql.ADD_SCOPE, rows)
        cursor.execute(replay_sql.MAKE_CARDS, asked)
        cards = cursor.rowcount
        cursor.execute("ANALYZE pg_temp.replay_card")
        cursor.execute(replay_sql.MAKE_HITS)
    return measures, cards


def _scope_rows(found: Sequence[Any], sides: _Sides, measures: list[RuleTerms]) -> Iterator[list[Any]]:
    for carrier, plan, region, industry, agreed, own in found:
        scope = Scope(card=own, plan=plan, carrier=carrier, region=region, industry=industry)
        if both := sides.of(scope, agreed):
            yield [
                carrier,
                plan,
                region,
                industry,
                agreed,
                own,
                *(part for one in both for part in _part(one, measures)),
            ]


def _part(rule: RuleTerms | None, measures: list[RuleTerms]) -> tuple[int | None, Decimal | None, Decimal | None]:
    """Return which measure a rule has, with its marks; rules of equal window and further values share a measure."""
    if rule is None:
        return None, None, None
    known = [(one.window, one.params) for one in measures]
    if (rule.window, rule.params) not in known:
        measures.append(rule)
        known.append((rule.window, rule.params))
    return known.index((rule.window, rule.params)), *replay_sql.marks(rule)


def _read_rollups(measures: Sequence[RuleTerms], kind: str, span: Span) -> None:
    if measures:
        with connection.cursor() as cursor:
            asked: dict[str, Any] = {
                "first": span.first,
                "last": span.last,
                "holidays": _rest_days(span) if kind == "holiday" else [],
            }
            cursor.execute(replay_sql.IS_MIXED, asked)
            is_mixed = bool(cursor.fetchone()[0])
            cursor.execute(replay_sql.from_rollups(measures, kind=kind, is_mixed=is_mixed), asked)


def _rest_days(span: Span) -> list[date]:
    return [day for day in span.days if day_type_on(day).is_rest]


def _read_records(measures: Sequence[RuleTerms], kind: str, span: Span, told: Told | None) -> None:
    for day in span.days:
        starts, ends = day_bounds(day)
        if measures:
            with connection.cursor() as cursor:
                asked = {"day": day, "starts": starts, "ends": ends}
                cursor.execute(replay_sql.from_records(measures, kind=kind), asked)
        if told:
            told(1)


def _replay_today(sides: _Sides, now: datetime) -> Replay:
    """Ask the kind's own function of every card that either rule may hit today."""
    ground, today = ground_at(now), business_day(now)
    keep_inputs(None, now=now)
    found = touched([*sides.old.rules, *sides.new.rules], ground, but=STOPPED | ENDED)
    rows = [row for known, _kinds in found if (row := _levels(known, sides, ground))]
    cards = _count_cards(sides, now)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 5000):
            part = rows[start : start + 5000]
            cursor.execute(
                "INSERT INTO replay_hit SELECT card, %s, old, new FROM unnest(%s::bigint[], %s::int[], %s::int[]) "
                "AS h(card, old, new)",
                [today, *(list(column) for column in zip(*part, strict=True))],
            )
    return replace(_summary(sides, Span(today, today), cards=cards), is_today_only=True)


def _count_cards(sides: _Sides, now: datetime) -> int:
    return _make_cards(sides, now)[1]


def _levels(known: CardInputs, sides: _Sides, ground: Ground) -> tuple[int, int, int] | None:
    scope = sides.old.scope(known.card_id, known.plan_id, known.carrier_id, known.region, known.industry)
    own = known.card_id if known.card_id in sides.new.own_cards else scope.card
    both = sides.of(replace(scope, card=own), known.agreed)
    if both is None:
        return None
    facts = facts_of(known, ground)
    old, new = (0 if rule is None else _level(KINDS[rule.kind].check(facts, rule)) for rule in both)
    return (known.card_id, old, new) if old or new else None


def _level(found: Finding | None) -> int:
    return 0 if found is None else 2 if found.is_reached else 1


def _summary(sides: _Sides, span: Span, *, cards: int) -> Replay:
    old = next((rule for rule in sides.old.rules if rule.rule_id in sides.draft.lineage), None)
    asked = {
        "old_alerts": alerts_from(old) if old else NEVER,
        "new_alerts": alerts_from(sides.draft.terms),
    }
    with connection.cursor() as cursor:
        cursor.execute(replay_sql.BY_CARD)
        old_hit, new_hit, newly, no_longer, old_warned, new_warned, gained, lost = cursor.fetchone()
        cursor.execute(replay_sql.by_day(is_lasting=sides.draft.terms.window == "month"), asked)
        days = {row[0]: row[1:] for row in cursor}
    return Replay(
        first=span.first.isoformat(),
        last=span.last.isoformat(),
        cards=cards,
        old_hit=old_hit,
        new_hit=new_hit,
        newly_hit=newly,
        no_longer_hit=no_longer,
        old_warned=old_warned,
        new_warned=new_warned,
        gained=gained or [],
        lost=lost or [],
        days=[_day(day, days.get(day, (0, 0, 0, 0))) for day in span.days],
    )


def _day(day: date, counts: Sequence[int]) -> Day:
    old_hit, new_hit, old_alerts, new_alerts = counts
    return Day(day=day.isoformat(), old_hit=old_hit, new_hit=new_hit, old_alerts=old_alerts, new_alerts=new_alerts)


def numbers_of(card_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return the ids and masked numbers of some cards, in their order."""
    known = dict(Card.objects.filter(pk__in=card_ids).values_list("pk", "msisdn"))
    return [(pk, mask_msisdn(known[pk])) for pk in card_ids if pk in known]

"""Numbers that are looked at again: the intervals of industries, and the cases a job opens (R99, R101)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, TruncDate
from django.utils.dateparse import parse_date

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import SHANGHAI, business_day
from cardfleet.kernel.editing import assign
from cards.models import Card
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, CaseSource
from lifecycle.models import Case, NumberReviewPlan
from lifecycle.rules.reviews import ReviewFacts, review_on
from lifecycle.services.cases import open_cases

EDITABLE = frozenset({"industry", "every_days", "is_active", "is_illustrative"})


@transaction.atomic
def record_review_plan(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> NumberReviewPlan:
    """Record the interval of an industry; BadInput names the fields that do not hold."""
    plan = NumberReviewPlan()
    named = assign(plan, facts, editable=EDITABLE)
    plan.save(force_insert=True)
    record(actor=actor, action="lifecycle.review_plan_recorded", subject=plan, now=now, data={"fields": named})
    return plan


@transaction.atomic
def edit_review_plan(
    *, plan_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime
) -> NumberReviewPlan:
    """Change the interval of an industry."""
    plan = NumberReviewPlan.objects.select_for_update().get(pk=plan_id)
    changed = assign(plan, changes, editable=EDITABLE)
    if changed:
        plan.save(update_fields=changed)
        record(actor=actor, action="lifecycle.review_plan_edited", subject=plan, now=now, data={"fields": changed})
    return plan


@transaction.atomic
def open_number_reviews(*, on: date, now: datetime) -> int:
    """Open a review for each live number whose day has come, and return how many; a second run opens none."""
    due = _due(on)
    if not due:
        return 0
    opened = open_cases(
        card_ids=due,
        kind=CaseKind.NUMBER_REVIEW,
        reason=CaseReason.PLANNED,
        source=CaseSource.SYSTEM,
        actor=None,
        now=now,
    )
    return len(opened.cases)


def _due(on: date) -> list[int]:
    intervals = dict(NumberReviewPlan.objects.filter(is_active=True).values_list("industry", "every_days"))
    reviewed = _reviewed()
    chosen = [card_id for card_id, (_day, again) in reviewed.items() if again]
    return sorted(
        {
            *_cards_due(on, intervals, reviewed, {"industry__in": intervals}),
            *_cards_due(on, intervals, reviewed, {"pk__in": chosen}),
        }
    )


def _cards_due(
    on: date,
    intervals: Mapping[str, int],
    reviewed: Mapping[int, tuple[date, date | None]],
    which: Mapping[str, Collection[Any]],
) -> list[int]:
    """Return the live cards of some, without an open review, whose day has come."""
    asked = Case.objects.open().filter(kind=CaseKind.NUMBER_REVIEW).values("card")
    cards = Card.objects.live().filter(**which).exclude(pk__in=asked)
    since = Coalesce(F("activated_on"), TruncDate("created_at", tzinfo=SHANGHAI))
    return [
        pk
        for pk, industry, begun in cards.values_list("pk", "industry", since)
        if (day := review_on(_facts(begun, reviewed.get(pk), intervals.get(industry)))) and day <= on
    ]


def _facts(since: date, last: tuple[date, date | None] | None, every_days: int | None) -> ReviewFacts:
    reviewed_on, chosen = last or (None, None)
    return ReviewFacts(since=since, reviewed_on=reviewed_on, chosen=chosen, every_days=every_days)


def _reviewed() -> dict[int, tuple[date, date | None]]:
    """Return when each card was reviewed last, and the day chosen then."""
    done = Case.objects.filter(kind=CaseKind.NUMBER_REVIEW, outcome=CaseOutcome.KEPT).order_by("card_id", "-closed_at")
    rows = done.distinct("card_id").values_list("card_id", "closed_at", "facts__next_review_on")
    return {
        card_id: (business_day(closed_at), parse_date(again) if again else None)
        for card_id, closed_at, again in rows
        if closed_at
    }

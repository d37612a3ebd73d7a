"""Why a call cost what it did, step by step (R27, R30, R68, R82)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from agents.models import Agent
from billing.choices import EntryKind, SourceRole
from billing.models import LedgerEntry, UsageAttribution, UsageCharge, UsageRecord
from billing.rules.rating import Call, RatedCall, Term, month_terms, rate_calls
from billing.selectors.rating_facts import rated_cards
from cardfleet.accounts.models import Team
from cardfleet.kernel.clock import business_day, day_start, month_start
from cardfleet.kernel.errors import NotVisible
from cards.models import RatePlan

TOLD = (EntryKind.USAGE, EntryKind.OUT_OF_BUNDLE)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A call and all its cost rests on.

    `counting` is the role of source whose calls count on its day; `rated` lacks where the card had no plan then.
    `minutes` is what the bundle of `plan` held in `term`. `cost` is CNY. `entries` are those of its card and month in
    which the charges of calls were posted.
    """

    record: UsageRecord
    counting: str
    plan: RatePlan | None
    term: Term | None
    minutes: int
    rated: RatedCall | None
    cost: Decimal
    agent: Agent | None
    team: Team | None
    entries: Sequence[LedgerEntry]

    @property
    def counts(self) -> bool:
        """Whether its source is the one that counts on its day."""
        return bool(self.record.source.role == self.counting)

    @property
    def is_carriers(self) -> bool:
        """Whether the carrier said what it costs."""
        return bool(self.record.source.role == SourceRole.CARRIER and self.record.fee is not None)


def find_call(text: str, calls: QuerySet[UsageRecord], *, card_id: int | None = None) -> UsageRecord:
    """Return the call of an id of ours, or of its source's own, among some; NotVisible where there is none.

    Without its card all calls are looked through, for no index has the id alone.
    """
    if card_id is not None:
        calls = calls.filter(card=card_id)
    found = calls.filter(uid__in=_uids(text.strip())).select_related("card", "source", "agent__user", "team").first()
    if found is None:
        raise NotVisible
    return found


def explain(record: UsageRecord) -> Explanation:
    """Explain what a call cost."""
    day = business_day(record.started_at)
    plan, term, minutes = _term(record, day)
    rated = None
    if term is not None:
        calls = rate_calls(term, minutes, _calls(record, term))
        rated = next(one for one in calls if (one.call.started_at, one.call.uid) == (record.started_at, record.uid))
    counting = UsageCharge.objects.filter(card=record.card_id, day=day, counts=True).values_list("role", flat=True)
    fee = record.fee if record.source.role == SourceRole.CARRIER else None
    agent, team = _charged(record)
    return Explanation(
        record=record,
        counting=counting.first() or record.source.role,
        plan=plan,
        term=term,
        minutes=minutes,
        rated=rated,
        cost=fee if fee is not None else (rated.amount if rated else record.rated_fee),
        agent=agent,
        team=team,
        entries=_entries(record, month_start(day)),
    )


def _uids(text: str) -> list[UUID]:
    """Return the ids a call may be stored under: ours, or the source's own as each role of source has it."""
    found = [UUID(hashlib.md5(f"{role}|uid {text}".encode(), usedforsecurity=False).hexdigest()) for role in SourceRole]
    try:
        return [UUID(text), *found]
    except ValueError:
        return found


def _term(record: UsageRecord, day: date) -> tuple[RatePlan | None, Term | None, int]:
    for card in rated_cards(month_start(day), [record.card_id]):
        due = month_terms(card.terms, card.life)
        for plan_id, term, minutes in zip(card.plan_ids, card.terms, due.minutes, strict=True):
            if term.starts <= day < term.ends:
                return RatePlan.objects.get(pk=plan_id), term, minutes
    return None, None, 0


def _calls(record: UsageRecord, term: Term) -> list[Call]:
    """Return the calls of a card's term that count, and the one in question."""
    starts, ends = day_start(term.starts), day_start(term.ends)
    counted = set(
        UsageCharge.objects.filter(
            card=record.card_id, counts=True, day__gte=term.starts, day__lt=term.ends
        ).values_list("day", "role")
    )
    stored = UsageRecord.objects.filter(card=record.card_id, started_at__gte=starts, started_at__lt=ends)
    return [
        Call(
            started_at=one.started_at,
            uid=one.uid,
            direction=one.direction,
            duration_s=one.duration_s,
            carrier_fee=one.fee if one.source.role == SourceRole.CARRIER else None,
        )
        for one in stored.select_related("source")
        if (business_day(one.started_at), one.source.role) in counted or one.pk == record.pk
    ]


def _charged(record: UsageRecord) -> tuple[Agent | None, Team | None]:
    """Return who is charged: who really held the card, where that was recorded late, else the stamp (invariant 6)."""
    late = UsageAttribution.objects.filter(
        card=record.card_id,
        withdrawn_at__isnull=True,
        starts_at__lte=record.started_at,
        ends_at__gt=record.started_at,
    ).select_related("agent__user", "team")
    one = late.first()
    return (one.agent, one.team) if one else (record.agent, record.team)


def _entries(record: UsageRecord, month: date) -> list[LedgerEntry]:
    of_month = Q(month=month, of_month__isnull=True) | Q(of_month=month)
    entries = LedgerEntry.objects.filter(of_month, card=record.card_id, kind__in=TOLD)
    return list(entries.select_related("account__carrier").order_by("id"))

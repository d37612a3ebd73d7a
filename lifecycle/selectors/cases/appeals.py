"""How a marked number was used: what decides whether its mark may be wrong, and what the evidence pack tells (R40).

Figures only: no callee's number leaves here. Consents are found by the keyed hash of each number called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Q

from agents.choices import ListingKind
from agents.models import CalleeListing
from agents.selectors.callees import hash_of
from billing.choices import CallDirection
from billing.models import UsageDaily, UsageRecord
from cardfleet.kernel.clock import business_day, day_start
from cards.models import Card
from lifecycle.choices import ReportKind
from lifecycle.models import Complaint, NumberMark
from lifecycle.rules.cases.appeals import LOOK_BACK_DAYS, ConductFacts

CONSENT_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class CallStatistics:
    """How a card called within some days; `busiest` is the most outgoing calls of a day."""

    first: date
    last: date
    days_called: int
    calls: int
    answered: int
    incoming: int
    minutes: int
    short: int
    outside_window: int
    busiest: int
    most_to_one: int

    @property
    def short_share(self) -> Decimal | None:
        """Answered calls under ten seconds, per cent."""
        return share(self.short, self.answered)

    @property
    def answered_share(self) -> Decimal | None:
        """Answered calls, per cent."""
        return share(self.answered, self.calls)


@dataclass(frozen=True, kw_only=True)
class ConsentStatistics:
    """Of the people called within some days, how many had consented and how many had refused."""

    first: date
    callees: int
    consented: int
    refused: int

    @property
    def consent_share(self) -> Decimal | None:
        """Those who had consented, per cent."""
        return share(self.consented, self.callees)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What an appeal rests on."""

    facts: ConductFacts
    calls: CallStatistics
    consents: ConsentStatistics
    marks: Sequence[NumberMark]


def share(part: int, whole: int) -> Decimal | None:
    """Return a part in per cent with one digit, None of nothing."""
    return round(Decimal(100 * part) / whole, 1) if whole else None


def evidence_of(card: Card, *, now: datetime) -> Evidence:
    """Return what is known of a card's conduct, in a fixed number of queries."""
    today = business_day(now)
    calls, consents = call_statistics(card.pk, today=today), consent_statistics(card, now=now)
    marks = list(NumberMark.objects.filter(card=card).order_by("-marked_on", "-pk"))
    since = day_start(today - timedelta(days=LOOK_BACK_DAYS))
    standing = Complaint.objects.filter(
        card=card, is_valid=True, received_at__gte=since, reverses=None, reversed_by=None
    )
    said = standing.aggregate(
        complaints=Count("pk", filter=Q(kind=ReportKind.COMPLAINT)),
        notified=Count("pk", filter=Q(kind=ReportKind.NOTIFIED)),
    )
    facts = ConductFacts(
        open_marks=sum(mark.ended_on is None for mark in marks),
        complaints=said["complaints"],
        notified=said["notified"],
        stop_reason=card.stop_reason if card.is_stopped else "",
        calls=calls.calls,
        short_share=calls.short_share,
        consent_share=consents.consent_share,
        refused_callees=consents.refused,
    )
    return Evidence(facts=facts, calls=calls, consents=consents, marks=marks)


def call_statistics(card_id: int, *, today: date, days: int = LOOK_BACK_DAYS) -> CallStatistics:
    """Return the statistics of the last days; of several roles that saw a day the one with most calls speaks."""
    first = today - timedelta(days=days - 1)
    rows = UsageDaily.objects.filter(card_id=card_id, day__range=(first, today))
    spoken = {row.day: row for row in rows.order_by("day", "calls")}.values()
    return CallStatistics(
        first=first,
        last=today,
        days_called=sum(row.calls > 0 for row in spoken),
        calls=sum(row.calls for row in spoken),
        answered=sum(row.answered for row in spoken),
        incoming=sum(row.incoming for row in spoken),
        minutes=sum(row.seconds for row in spoken) // 60,
        short=sum(row.under_10 for row in spoken),
        outside_window=sum(row.outside_window for row in spoken),
        busiest=max((row.calls for row in spoken), default=0),
        most_to_one=max((row.most_to_one for row in spoken), default=0),
    )


def consent_statistics(card: Card, *, now: datetime) -> ConsentStatistics:
    """Return how many of those called within 30 days had consented to the card's purpose, and how many had refused.

    Somebody who refused only after the last call was not called against a refusal.
    """
    since = now - timedelta(days=CONSENT_DAYS)
    records = UsageRecord.objects.filter(card=card, started_at__gte=since, started_at__lte=now)
    called = records.filter(direction=CallDirection.OUT).exclude(counterpart="").order_by()
    rows = called.values("counterpart").annotate(last=Max("started_at")).values_list("counterpart", "last")
    last = {hash_of(number): at for number, at in rows}
    held = CalleeListing.objects.in_force(now).filter(number_hash__in=last, purpose__in=("", card.purpose)).order_by()
    consented, refused = set[str](), set[str]()
    for kind, number, given_at in held.values_list("kind", "number_hash", "given_at"):
        if kind == ListingKind.CONSENT:
            consented.add(number)
        elif given_at < last[number]:
            refused.add(number)
    return ConsentStatistics(
        first=business_day(since), callees=len(last), consented=len(consented - refused), refused=len(refused)
    )

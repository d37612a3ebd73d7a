"""A carrier's balance beside ours, and what may lie between them (R29)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from billing.choices import DifferencePart, EntryKind
from billing.models import Account, AccountCard, BalanceExplanation, BalanceReading, LedgerEntry, UsageCharge
from billing.rules.differences import explained_by
from billing.selectors.own_charges import prices_on
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.kernel.errors import Text
from cardfleet.kernel.money import ZERO


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The last reading of an account (CNY) beside our own sum of its moment.

    `since` is what happened after it, `late` what came later about the time before; `parts` may explain the
    difference, `adds_up` are those that do to the fen (None where none do); `said` is what a person said last.
    """

    reading: BalanceReading
    computed: Decimal
    since: Decimal
    late: Decimal
    parts: Mapping[DifferencePart, Decimal]
    said: BalanceExplanation | None

    @property
    def amount(self) -> Decimal:
        """The reading less our own sum."""
        said: Decimal = self.reading.balance
        return said - self.computed

    @property
    def adds_up(self) -> frozenset[str] | None:
        """The fewest parts that are the difference."""
        return explained_by(self.amount, {part.value: amount for part, amount in self.parts.items()})

    @property
    def lines(self) -> Sequence[tuple[Text, Decimal, bool]]:
        """Each part in words with its amount, and whether it is among those that add up."""
        found = self.adds_up or frozenset()
        return [(part.label, amount, part in found) for part, amount in self.parts.items() if amount]

    @property
    def is_open(self) -> bool:
        """Whether there is a difference that neither a sum nor a person explains."""
        said = self.said is not None and self.said.amount == self.amount
        return bool(self.amount) and self.adds_up is None and not said


def difference_of(account: Account) -> Difference | None:
    """Return the last reading of an account beside ours, None where none was recorded."""
    readings = list(BalanceReading.objects.filter(account=account).order_by("-read_at")[:2])
    if not readings:
        return None
    reading = readings[0]
    before = readings[1].balance - _computed_at(account, readings[1]) if len(readings) > 1 else ZERO
    computed = _computed_at(account, reading)
    late = LedgerEntry.objects.filter(account=account, at__lte=reading.read_at, posted_at__gt=reading.read_at)
    return Difference(
        reading=reading,
        computed=computed,
        since=account.balance - computed,
        late=_sum(late),
        parts=_parts(account, reading, before),
        said=BalanceExplanation.objects.filter(reading=reading).select_related("dispute", "actor").first(),
    )


def daily_costs(account: Account, *, since: date) -> dict[date, Decimal]:
    """Return what calls of the cards an account pays for cost by day from one on, CNY."""
    cards = AccountCard.objects.current().filter(account=account).values("card")
    charged = UsageCharge.objects.filter(card__in=cards, counts=True, day__gte=since)
    return dict(charged.values("day").annotate(cost=Sum("amount")).values_list("day", "cost"))


def monthly_fees(account: Account, *, today: date) -> Decimal:
    """Return what the plans of the cards an account pays for cost a month, CNY."""
    members = AccountCard.objects.current().filter(account=account, card__service_state__in=SERVED)
    plans = [plan for plan in members.values_list("card__plan", flat=True) if plan]
    prices = prices_on(set(plans), today)
    return sum((prices[plan].monthly_fee for plan in plans if plan in prices), ZERO)


# A stopped card goes on to cost its fee; one that is barred or gone does not.
SERVED = ("active", "half_stop", "full_stop")


def _computed_at(account: Account, reading: BalanceReading) -> Decimal:
    """Return our own sum for the moment of a reading; calls reach the ledger in sums, so those after are by day."""
    entries = LedgerEntry.objects.filter(account=account, at__gt=reading.read_at).exclude(kind=EntryKind.USAGE)
    calls = _calls(account, Q(day__gt=business_day(reading.read_at)))
    balance: Decimal = account.balance
    return balance - _sum(entries) + calls


def _parts(account: Account, reading: BalanceReading, before: Decimal) -> dict[DifferencePart, Decimal]:
    day = business_day(reading.read_at)
    fees = LedgerEntry.objects.filter(
        account=account, month=month_start(day), kind=EntryKind.MONTHLY_FEE, at__lte=reading.read_at, reversed_by=None
    )
    posted = -_sum(fees)
    return {
        DifferencePart.CALLS_OF_THE_DAY: _calls(account, Q(day=day)),
        DifferencePart.CALLS_OF_THE_DAY_BEFORE: _calls(account, Q(day=day - timedelta(days=1))),
        DifferencePart.FEE_POSTED: posted,
        DifferencePart.FEE_AHEAD: ZERO if posted else -monthly_fees(account, today=day),
        DifferencePart.BEFORE: before,
    }


def _calls(account: Account, days: Q) -> Decimal:
    cards = AccountCard.objects.filter(account=account).values("card")
    found = UsageCharge.objects.filter(days, card__in=cards, counts=True)
    return found.aggregate(cost=Sum("amount"))["cost"] or ZERO


def _sum(entries: QuerySet[LedgerEntry]) -> Decimal:
    return entries.aggregate(total=Sum("amount"))["total"] or ZERO

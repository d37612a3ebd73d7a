"""The notified-number rate of carriers and contracts as rules read it (R35; 华翔联信 annex cl. 4)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, QuerySet

from cardfleet.kernel.clock import day_bounds, day_start
from lifecycle.choices import ReportKind
from lifecycle.models import CallingNumbers, Complaint
from lifecycle.rules.notified import notified_rate, period_of

Group = tuple[int, int | None]


def rates_on(on: date) -> Mapping[tuple[int, str | None], Decimal]:
    """Return per cent by carrier and contract number, of groups of which a number was notified. Two queries."""
    notified = notified_numbers(on)
    rates = {
        (row.carrier_id, row.number): notified_rate(notified.get(group_of(row), 0), row.numbers)
        for row in calling_numbers(on).annotate(number=F("contract__number"))
    }
    return {group: rate for group, rate in rates.items() if rate}


def notified_numbers(on: date) -> dict[Group, int]:
    """Return how many numbers were notified in the period of a day."""
    first, last = period_of(on)
    said = Complaint.objects.standing().filter(
        kind=ReportKind.NOTIFIED, is_valid=True, received_at__gte=day_start(first), received_at__lt=day_bounds(last)[1]
    )
    counted = said.order_by().values_list("card__carrier", "card__contract").annotate(Count("card", distinct=True))
    return {(carrier, contract): count for carrier, contract, count in counted}


def calling_numbers(on: date) -> QuerySet[CallingNumbers]:
    """Return how many numbers called in the period of a day, as last reckoned."""
    return CallingNumbers.objects.filter(period_start=period_of(on)[0])


def group_of(row: CallingNumbers) -> Group:
    """Return the carrier and contract of a count."""
    return row.carrier_id, row.contract_id

"""Why rows of a file were refused: each reason with how often, and one example."""

from dataclasses import dataclass

from django.db.models import Count, Min

from billing.models import UsageBatch, UsageReject


@dataclass(frozen=True)
class RejectReason:
    """A reason, the number of rows, and the first of them."""

    count: int
    example: UsageReject


def reasons(batch: UsageBatch) -> list[RejectReason]:
    """Return the reasons of the rows that are still refused, the most frequent first."""
    counted = (
        batch.rejects.open().values("code").annotate(count=Count("pk"), first=Min("pk")).order_by("-count", "code")
    )
    found = list(counted)
    examples = UsageReject.objects.in_bulk([row["first"] for row in found])
    return [RejectReason(row["count"], examples[row["first"]]) for row in found]

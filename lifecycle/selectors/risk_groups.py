"""The risk of teams and carriers: how many cards are near a stop, and whether that grows (R42, R43)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Avg, Count, Q, QuerySet

from cards.choices import ENDED
from cards.models import Card
from lifecycle.choices import RiskBand
from lifecycle.models import RiskDay

GROUPS = ("team", "carrier")
BEFORE = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class RiskGroup:
    """The assessed cards of a team or carrier; `before` is their mean score a week ago, None where none was kept."""

    key: int | None
    name: str
    cards: int
    high: int
    medium: int
    mean: float
    before: float | None

    @property
    def change(self) -> float | None:
        """By how much the mean score rose within the week."""
        return None if self.before is None else round(self.mean - self.before, 1)


def risk_groups(cards: QuerySet[Card], *, by: str, today: date) -> Sequence[RiskGroup]:
    """Return the groups of a scope by `team` or `carrier`, most cards at high risk first, in two statements."""
    assessed = cards.exclude(service_state__in=ENDED).filter(risk__isnull=False).order_by()
    before = {
        row[f"card__{by}"]: row["mean"]
        for row in RiskDay.objects.filter(day=today - BEFORE, card__in=assessed.values("pk"))
        .values(f"card__{by}")
        .annotate(mean=Avg("score"))
        .order_by()
    }
    rows = assessed.values(by, f"{by}__name").annotate(
        cards=Count("pk"),
        high=Count("pk", filter=Q(risk__band=RiskBand.HIGH)),
        medium=Count("pk", filter=Q(risk__band=RiskBand.MEDIUM)),
        mean=Avg("risk__score"),
    )
    return [
        RiskGroup(
            key=row[by],
            name=row[f"{by}__name"] or "",
            cards=row["cards"],
            high=row["high"],
            medium=row["medium"],
            mean=round(row["mean"], 1),
            before=before.get(row[by]),
        )
        for row in rows.order_by("-high", "-mean", f"{by}__name")
    ]

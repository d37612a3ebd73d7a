"""Today's calls against the daily caps, by team and hour (R31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum

from billing.models import UsageDaily
from cardfleet.kernel.clock import business_day
from cards.models import Card
from cards.rules.scope import Scope, choose
from lifecycle.models import RiskAssessment
from lifecycle.rules.pace import FULL_AT, WARN_AT, Cell, Span, cells, spans
from lifecycle.selectors.rules import rules_in_force

TEAMS = 12
HOURS = [f"hour_{number}" for number in range(24)]


@dataclass(frozen=True, kw_only=True)
class TeamHours:
    """One team's day. `cap` is the sum of its held cards' caps; `near` are cards at 80 per cent of their own."""

    team_id: int
    name: str
    cards: int
    calls: int
    cap: int
    near: int
    cells: Sequence[Cell]

    @property
    def forecast(self) -> int | None:
        """Calls at the end of the day at the present pace."""
        share = self.share_at_end
        return None if share is None else share * self.cap // FULL_AT

    @property
    def share(self) -> int:
        """The share of the cap used now, per cent."""
        return self.calls * FULL_AT // self.cap if self.cap else 0

    @property
    def share_at_end(self) -> int | None:
        """The share of the cap used by the last hour, per cent; None where nothing can be said."""
        return self.cells[-1].share if self.cells else None

    @property
    def warns(self) -> str:
        """The colour of its forecast where that comes near the cap."""
        return self.cells[-1].tone if self.cells else ""


@dataclass(frozen=True, kw_only=True)
class Strip:
    """The hours shown and the teams, the fullest first. `limit` is the general cap of a card."""

    spans: Sequence[Span]
    teams: Sequence[TeamHours]
    more_teams: int
    limit: int | None
    is_illustrative: bool
    seen_until: datetime | None


def calls_by_hour(cards: QuerySet[Card], *, now: datetime) -> Strip:
    """Return the day of each team that holds cards of a scope: three statements."""
    today = business_day(now)
    rules = choose(rules_in_force(today), Scope(), day=today)
    daily, window = rules.get("daily_out_calls"), rules.get("call_window")
    shown = spans(window.terms.params if window else {})
    called = _calls(cards, now)
    seen = max((team["seen"] for team in called.values()), default=None)
    teams = [_team(caps, called.get(caps["team"], {}), shown, seen) for caps in _caps(cards)]
    teams.sort(key=lambda team: (-team.share, team.name))
    return Strip(
        spans=shown,
        teams=teams[:TEAMS],
        more_teams=max(len(teams) - TEAMS, 0),
        limit=int(daily.terms.limit) if daily and daily.terms.limit is not None else None,
        is_illustrative=bool(daily and daily.terms.is_illustrative),
        seen_until=seen,
    )


def _calls(cards: QuerySet[Card], now: datetime) -> dict[int, Mapping[str, Any]]:
    """Return calls by hour by team; of the roles that saw a card's day the one with most calls counts."""
    today = UsageDaily.objects.filter(day=business_day(now))
    fuller = Q(calls__gt=OuterRef("calls")) | Q(calls=OuterRef("calls"), role__lt=OuterRef("role"))
    days = today.filter(
        ~Exists(today.filter(fuller, card=OuterRef("card_id"))), card__in=cards, card__team__isnull=False
    )
    sums = {name: Sum(f"hours__{number}") for number, name in enumerate(HOURS)}
    return {row["card__team"]: row for row in days.values("card__team").annotate(seen=Max("last_at"), **sums)}


def _caps(cards: QuerySet[Card]) -> list[Mapping[str, Any]]:
    held = RiskAssessment.objects.filter(
        card__in=cards, card__holder__isnull=False, card__team__isnull=False, call_limit__gt=0
    )
    near = Q(calls_today__gte=F("call_limit") * WARN_AT / FULL_AT)
    by_team = held.values(team=F("card__team"), name=F("card__team__name"))
    return list(by_team.annotate(cards=Count("pk"), cap=Sum("call_limit"), near=Count("pk", filter=near)))


def _team(
    caps: Mapping[str, Any], called: Mapping[str, Any], shown: Sequence[Span], seen: datetime | None
) -> TeamHours:
    calls = [called.get(name) or 0 for name in HOURS]
    return TeamHours(
        team_id=caps["team"],
        name=caps["name"],
        cards=caps["cards"],
        calls=sum(calls),
        cap=caps["cap"],
        near=caps["near"],
        cells=cells(calls, cap=caps["cap"], hours=shown, seen_until=seen),
    )

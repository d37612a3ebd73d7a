"""The pool of spares by carrier and team: how many are ready, are wanted, and whether it is a hoard (R55, R95)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from cardfleet.accounts.models import Team
from cardfleet.kernel.clock import SHANGHAI, business_day, day_start
from cardfleet.kernel.errors import Text
from cards.choices import ENDED, Axis, RealNameState, ServiceState
from cards.models import CardChange, Carrier
from cards.querysets import CardQuerySet
from cards.rules.custody import ISSUABLE
from cards.rules.scope import Scope
from lifecycle.models import StandbyShare
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import per_cent
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.standby import DAYS, pool_target
from lifecycle.rules.texts import render
from lifecycle.selectors.board.stock import UNWANTED
from lifecycle.selectors.rules import RuleBook, rule_book

HOARDING = "hoarding"
Key = tuple[int, int | None]


@dataclass(frozen=True, kw_only=True)
class PoolLine:
    """The spares of a carrier in a team: how many lie there, are ready, and are wanted.

    `is_set`: the target is a share somebody set, else it follows the stops of 30 days. `hoard` says in words that so
    much idles that it looks like hoarding.
    """

    carrier: Carrier
    team: Team | None
    in_service: int
    held: int
    ready: int
    target: int
    is_set: bool
    hoard: Text

    @property
    def lacking(self) -> int:
        """How many more are wanted."""
        return max(self.target - self.ready, 0)

    @property
    def beyond(self) -> int:
        """How many more are ready than a share allows that somebody set."""
        return max(self.ready - self.target, 0) if self.is_set else 0


def pool(cards: CardQuerySet, *, now: datetime) -> Sequence[PoolLine]:
    """Return the pool of a scope, the greatest lack first, in six statements."""
    stock = Q(custody_state__in=ISSUABLE)
    active = Q(service_state=ServiceState.ACTIVE)
    groups = (
        cards.exclude(service_state__in=ENDED)
        .order_by()
        .values("carrier_id", "team_id")
        .annotate(
            in_service=Count("pk", filter=active),
            held=Count("pk", filter=stock),
            idle=Count("pk", filter=stock & active),
            ready=Count("pk", filter=stock & active & Q(real_name_state=RealNameState.VALID)),
        )
    )
    found = list(groups)
    carriers = Carrier.objects.in_bulk({group["carrier_id"] for group in found})
    teams = Team.objects.in_bulk({group["team_id"] for group in found} - {None})
    shares, stops = _shares(), _stops(cards, now)
    book = rule_book(business_day(now), kinds=[HOARDING])
    lines = []
    for group in found:
        key = (group["carrier_id"], group["team_id"])
        share = _share(shares, key)
        lines.append(
            PoolLine(
                carrier=carriers[key[0]],
                team=teams.get(key[1]) if key[1] else None,
                in_service=group["in_service"],
                held=group["held"],
                ready=group["ready"],
                target=pool_target(stops[key], in_service=group["in_service"], share=share),
                is_set=share is not None,
                hoard=_hoard(book, key[0], group["idle"], group["in_service"], now),
            )
        )
    return sorted(
        lines, key=lambda line: (-line.lacking, -line.held, line.carrier.name, line.team.pk if line.team else 0)
    )


def _shares() -> Mapping[tuple[int | None, int | None], Decimal]:
    return {(one.carrier_id, one.team_id): one.share for one in StandbyShare.objects.all()}


def _share(shares: Mapping[tuple[int | None, int | None], Decimal], key: Key) -> Decimal | None:
    """Return the share that holds: of carrier and team before the team's, the carrier's, everybody's."""
    carrier, team = key
    return next(
        (shares[at] for at in ((carrier, team), (None, team), (carrier, None), (None, None)) if at in shares), None
    )


def _stops(cards: CardQuerySet, now: datetime) -> Mapping[Key, Sequence[int]]:
    since = day_start(business_day(now) - timedelta(days=DAYS))
    stops = CardChange.objects.standing().filter(
        axis=Axis.SERVICE, to_state__in=UNWANTED, at__gte=since, card__in=cards
    )
    by_day = stops.order_by().values_list("card__carrier", "card__team", TruncDate("at", tzinfo=SHANGHAI))
    counts: defaultdict[Key, list[int]] = defaultdict(list)
    for carrier, team, _day, count in by_day.annotate(count=Count("card", distinct=True)):
        counts[(carrier, team)].append(count)
    return counts


def _hoard(book: RuleBook, carrier: int, idle: int, in_service: int, now: datetime) -> Text:
    """Return what the rule on hoarding says of a share of idle cards; nothing where it is quiet."""
    where = Scope(card=None, plan=None, carrier=carrier, region="", industry="")
    choice = book.for_scope(where, agreed=None, contract="").get(HOARDING)
    if choice is None:
        return ""
    found = KINDS[HOARDING].check(CardFacts(now=now, idle_share=per_cent(idle, in_service)), choice.terms)
    return render(found.code, found.params) if found else ""

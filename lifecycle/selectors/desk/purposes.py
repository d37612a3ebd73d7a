"""What cards are used for against the forbidden list, and how far consents cover whom they call (R3, R57)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Q

from agents.choices import ListingKind
from agents.models import CalleeListing
from cardfleet.kernel.clock import month_bounds, next_month
from cards.choices import Purpose, RuleAction
from cards.models import Card, CarrierRule
from lifecycle.choices import PurposeStanding
from lifecycle.rules.desk.forbidden import BY_LAW

BANNED = "industry_ban"
LEVELS = {RuleAction.BLOCK: PurposeStanding.FORBIDDEN, RuleAction.NEED_APPROVAL: PurposeStanding.APPROVAL}
# Calls and those without a consent, of the days whose conduct is kept; the largest role of a day counts.
COVERAGE = """
WITH used AS (
    SELECT conduct.card_id, conduct.without_consent, conduct.to_do_not_call,
        (SELECT max(daily.calls) FROM billing_usagedaily daily
         WHERE daily.card_id = conduct.card_id AND daily.day = conduct.day) AS calls
    FROM lifecycle_cardconduct conduct WHERE conduct.day >= %(first)s AND conduct.day < %(next)s
)
SELECT card.purpose, card.industry, count(DISTINCT card.id), coalesce(sum(used.calls), 0),
    sum(used.without_consent), coalesce(sum(used.to_do_not_call), 0)
FROM used JOIN cards_card card ON card.id = used.card_id
GROUP BY card.purpose, card.industry ORDER BY 4 DESC, 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the forbidden list says of an industry, and by which source."""

    standing: PurposeStanding
    source: str


@dataclass(frozen=True, kw_only=True)
class PurposeRow:
    """Live cards of a purpose and industry."""

    purpose: str
    industry: str
    cards: int
    standing: PurposeStanding
    source: str = ""

    @property
    def purpose_label(self) -> str:
        """The purpose in words."""
        return str(Purpose(self.purpose).label)

    @property
    def tone(self) -> str:
        """How it is shown."""
        tones = {PurposeStanding.FORBIDDEN: "red", PurposeStanding.ALLOWED: "green"}
        return tones.get(self.standing, "orange")


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """A month's calls of a campaign (purpose and industry); `without` None: no consent of anybody was on record."""

    purpose: str
    industry: str
    cards: int
    calls: int
    without: int | None
    refused: int

    @property
    def purpose_label(self) -> str:
        """The purpose in words."""
        return str(Purpose(self.purpose).label)

    @property
    def share(self) -> int | None:
        """The percentage of calls with a consent."""
        if self.without is None or not self.calls:
            return None
        return max(0, 100 * (self.calls - self.without) // self.calls)


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """Consents of a source given in a month; `stale` ran out and were not renewed: ask again before calling (R65)."""

    source: str
    given: int
    with_proof: int
    ended: int
    stale: int


def industry_standings(day: date) -> Mapping[str, Standing]:
    """Return the forbidden list: what the law forbids, and the industries of the rules in force."""
    rules = CarrierRule.objects.in_force(day).filter(kind=BANNED, action__in=LEVELS).order_by("pk")
    found: dict[str, Standing] = {}
    for action, params, source in rules.values_list("action", "params", "source"):
        for industry in params.get("industries", ()):
            if industry not in found or action == RuleAction.BLOCK:
                found[industry] = Standing(standing=LEVELS[RuleAction(action)], source=source)
    by_law = {name: Standing(standing=PurposeStanding.FORBIDDEN, source=source) for name, source in BY_LAW.items()}
    return found | by_law


def purposes(day: date) -> Sequence[PurposeRow]:
    """Return what the live cards are used for, and what speaks against it; two queries."""
    banned = industry_standings(day)
    states = ("purpose", "industry", "contract__purposes", "contract__industries")
    groups = Card.objects.live().values_list(*states).annotate(cards=Count("pk")).order_by()
    found: dict[tuple[str, str, Standing], int] = {}
    for purpose, industry, confirmed, industries, cards in groups:
        standing = _standing(purpose, industry, confirmed or [], industries or [], banned)
        key = (purpose, industry, standing)
        found[key] = found.get(key, 0) + cards
    rows = [
        PurposeRow(
            purpose=purpose,
            industry=industry,
            cards=cards,
            standing=standing.standing,
            source=standing.source,
        )
        for (purpose, industry, standing), cards in found.items()
    ]
    order = list(PurposeStanding)
    return sorted(rows, key=lambda row: (order.index(row.standing), -row.cards))


def _standing(
    purpose: str, industry: str, confirmed: Sequence[str], industries: Sequence[str], banned: Mapping[str, Standing]
) -> Standing:
    if industry in banned:
        return banned[industry]
    if (confirmed and purpose not in confirmed) or (industries and industry not in industries):
        return Standing(standing=PurposeStanding.UNCONFIRMED, source="")
    if purpose == Purpose.OTHER or not industry:
        return Standing(standing=PurposeStanding.UNSTATED, source="")
    return Standing(standing=PurposeStanding.ALLOWED, source="")


def coverage(month: date) -> Sequence[CoverageRow]:
    """Return the coverage of a month (its first day) by campaign, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(COVERAGE, {"first": month, "next": next_month(month)})
        rows = cursor.fetchall()
    return [
        CoverageRow(
            purpose=purpose,
            industry=industry,
            cards=cards,
            calls=calls,
            without=without,
            refused=refused,
        )
        for purpose, industry, cards, calls, without, refused in rows
    ]


def sources(month: date, *, now: datetime) -> Sequence[SourceRow]:
    """Return the consents given in a month by their source, and what became of them by now, in one query."""
    start, end = month_bounds(month)
    given = CalleeListing.objects.filter(kind=ListingKind.CONSENT, given_at__gte=start, given_at__lt=end)
    counted = given.values("source").annotate(
        given=Count("pk"),
        with_proof=Count("pk", filter=Q(proof__isnull=False)),
        ended=Count("pk", filter=Q(ended_at__isnull=False)),
        stale=Count("pk", filter=Q(ended_at__isnull=True, expires_at__lte=now)),
    )
    return [SourceRow(**row) for row in counted.order_by("-given", "source")]

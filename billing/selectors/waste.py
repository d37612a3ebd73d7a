"""Money wasted in a month, and how far the cards were used (R66, R84, R94, R95)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.choices import WasteKind
from billing.selectors.cost_groups import names_of
from billing.selectors.costs import teams_seen
from billing.selectors.entry_kinds import KIND
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import month_bounds, next_month
from cardfleet.kernel.money import ZERO
from cards.choices import ENDED
from cards.models import Card

# Below this share of the minutes a plan includes, a smaller plan may do.
LITTLE = Decimal("0.2")
SHOWN = 200
# Fees and calls count for the month they are about, though it was closed when they came: what was used is not wasted.
FLEET = f"""
WITH fee AS (
    SELECT e.card_id, coalesce(-sum(e.amount) FILTER (WHERE {KIND} = 'monthly_fee'), 0) AS fee,
        coalesce(-sum(e.amount) FILTER (WHERE {KIND} = 'value_added'), 0) AS extra
    FROM billing_ledgerentry e
    WHERE (e.month = %(month)s AND e.of_month IS NULL OR e.of_month = %(month)s)
        AND e.kind IN ('monthly_fee', 'value_added', 'reversal') AND e.card_id IS NOT NULL
    GROUP BY e.card_id
), used AS (
    SELECT card_id, sum(calls) AS calls, sum(seconds) AS seconds FROM (
        SELECT card_id, calls, seconds
        FROM billing_usagemonth JOIN billing_summedmonth USING (month) WHERE month = %(month)s
        UNION ALL
        SELECT card_id, calls, seconds FROM billing_usagecharge WHERE counts AND day < %(end)s
            AND day >= coalesce((SELECT until FROM billing_summedmonth WHERE month = %(month)s), %(month)s)
        UNION ALL SELECT card_id, calls, seconds FROM billing_lateusage WHERE of_month = %(month)s
    ) called GROUP BY card_id
), held AS (
    SELECT DISTINCT card_id FROM agents_assignment
    WHERE undone_at IS NULL AND started_at < %(ends)s AND (ended_at IS NULL OR ended_at > %(starts)s)
), line AS MATERIALIZED (
    SELECT c.id, c.team_id, c.plan_id, held.card_id IS NOT NULL AS is_held, coalesce(fee.fee, 0) AS fee,
        coalesce(fee.extra, 0) AS extra, coalesce(used.calls, 0) AS calls, coalesce(used.seconds, 0) AS seconds,
        coalesce(price.included_minutes, 0) AS included
    FROM cards_card c
    LEFT JOIN fee ON fee.card_id = c.id LEFT JOIN used ON used.card_id = c.id LEFT JOIN held ON held.card_id = c.id
    LEFT JOIN cards_planprice price ON price.plan_id = c.plan_id AND price.effective_from < %(end)s
        AND (price.effective_to IS NULL OR price.effective_to >= %(end)s)
    WHERE (NOT c.service_state = ANY(%(ended)s) OR fee.card_id IS NOT NULL)
        AND (%(teams)s::bigint[] IS NULL OR c.team_id = ANY(%(teams)s::bigint[]))
), wasted AS (
    SELECT line.*, fee AS amount, CASE WHEN calls = 0 AND is_held THEN 'unused' WHEN calls = 0 THEN 'idle'
        ELSE 'low_use' END AS why
    FROM line WHERE fee > 0 AND (calls = 0 OR included > 0 AND seconds < included * 60 * %(little)s)
    UNION ALL SELECT line.*, extra, 'unasked' FROM line WHERE extra > 0
)
"""
# All of a page in one reading of the fleet; each row says which part it is of.
WASTE = (
    FLEET
    + """
SELECT 'sum', NULL::bigint, NULL::bigint, why, sum(amount), count(*), 0, 0, 0, 0, 0 FROM wasted GROUP BY why
UNION ALL
SELECT 'use', team_id, NULL, NULL, 0, count(*), count(*) FILTER (WHERE is_held), count(*) FILTER (WHERE calls > 0),
    sum(calls)::bigint, sum(seconds)::bigint, sum(included)::bigint
FROM line GROUP BY team_id
UNION ALL
(SELECT 'line', id, plan_id, why, amount, 1, 0, 0, calls::bigint, seconds::bigint, included FROM wasted
WHERE %(why)s = '' OR why = %(why)s ORDER BY amount DESC, id LIMIT %(shown)s)
"""
)


@dataclass(frozen=True, kw_only=True)
class WasteLine:
    """A card that wasted `amount` (CNY) in the month, and why; `included` minutes are those of its plan."""

    card: Card
    plan: str
    why: WasteKind
    amount: Decimal
    calls: int
    minutes: int
    included: int


@dataclass(frozen=True, kw_only=True)
class Wasted:
    """How many cards wasted how much for one reason."""

    cards: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Use:
    """How far a team's cards were used: how many there are, were held, called, and how much of their minutes."""

    team: str
    cards: int
    held: int
    called: int
    calls: int
    minutes: int
    included: int

    @property
    def idle_rate(self) -> int:
        """Cards that made no call, per cent of all."""
        return (self.cards - self.called) * 100 // self.cards if self.cards else 0

    @property
    def of_minutes(self) -> int | None:
        """Minutes used, per cent of those included; None where no plan includes any."""
        return self.minutes * 100 // self.included if self.included else None


@dataclass(frozen=True, kw_only=True)
class Waste:
    """A month's waste by reason, the cards that wasted most, and the teams' use of theirs, those idling most first."""

    sums: Mapping[WasteKind, Wasted]
    lines: Sequence[WasteLine]
    uses: Sequence[Use]


def waste_of(month: date, user: User, *, why: str = "") -> Waste:
    """Return what was wasted in a month in a person's scope; `why` narrows the cards to one reason."""
    parts: defaultdict[str, list[Any]] = defaultdict(list)
    for part, *row in _rows(month, user, why=why):
        parts[part].append(row)
    sums = {WasteKind(why): Wasted(cards=cards, amount=amount) for _a, _b, why, amount, cards, *_c in parts["sum"]}
    return Waste(
        sums={kind: sums.get(kind, Wasted()) for kind in WasteKind},
        lines=_lines(parts["line"]),
        uses=sorted(_uses(parts["use"]), key=lambda use: (-use.idle_rate, use.team)),
    )


def _lines(rows: Sequence[Any]) -> list[WasteLine]:
    cards = Card.objects.select_related("holder", "team").in_bulk([row[0] for row in rows])
    plans = names_of("plan", {row[1] for row in rows}, whole_numbers=False)
    lines = [
        WasteLine(
            card=cards[card],
            plan=plans[plan][0],
            why=WasteKind(reason),
            amount=amount,
            calls=calls,
            minutes=-(-seconds // 60),
            included=included,
        )
        for card, plan, reason, amount, _cards, _held, _called, calls, seconds, included in rows
    ]
    return sorted(lines, key=lambda line: (-line.amount, line.card.pk))


def _uses(rows: Sequence[Any]) -> list[Use]:
    names = names_of("team", {row[0] for row in rows}, whole_numbers=False)
    return [
        Use(
            team=names[team][0],
            cards=cards,
            held=held,
            called=called,
            calls=calls,
            minutes=-(-seconds // 60),
            included=included,
        )
        for team, _plan, _why, _amount, cards, held, called, calls, seconds, included in rows
    ]


def _rows(month: date, user: User, *, why: str) -> list[Any]:
    starts, ends = month_bounds(month)
    known: dict[str, Any] = {"month": month, "end": next_month(month), "starts": starts, "ends": ends, "little": LITTLE}
    asked = {"ended": sorted(ENDED), "teams": teams_seen(user), "why": why, "shown": SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(WASTE, {**known, **asked})
        return list(cursor.fetchall())

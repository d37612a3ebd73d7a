"""What all cards of a card's agent, team, campaign and legal entity called today, as the last gathering told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from cardfleet.kernel.clock import SHANGHAI, business_day
from cardfleet.kernel.compiled import rows_of
from lifecycle.rules.facts import GroupTotal

# A team's legal entity is the nearest above it; where none is named, the root of its tree.
ENTITY_OF = """coalesce(
    (SELECT above.id FROM accounts_team above
     WHERE above.kind = 'legal_entity' AND team.path LIKE above.path || '%%' ORDER BY length(above.path) DESC LIMIT 1),
    nullif(split_part(team.path, '/', 2), '')::bigint, team.id)"""
OF_CARD = f"""
WITH stands AS MATERIALIZED (
    SELECT card.holder_id, card.team_id, {ENTITY_OF} AS entity_id, card.purpose, card.industry
    FROM cards_card card LEFT JOIN accounts_team team ON team.id = card.team_id WHERE card.id = %(card)s
)
SELECT per, cards, calls, seconds, hours FROM lifecycle_groupday, stands
WHERE day = %(today)s AND (per, key) IN (('agent', holder_id::text), ('team', team_id::text),
    ('entity', entity_id::text), ('campaign', concat(entity_id, '/', purpose, '/', industry)))
"""  # noqa: S608 - our own words


def group_totals(card_id: int, *, now: datetime) -> Mapping[str, GroupTotal]:
    """Return the totals of the groups a card belongs to, by kind of group; one statement by key."""
    found = rows_of(OF_CARD, {"card": card_id, "today": business_day(now)})
    return {per: total_of(*row, now=now) for per, *row in found}


def total_of(cards: int, calls: int, seconds: int, hours: list[int], *, now: datetime) -> GroupTotal:
    """Return a stored total as a fact."""
    return GroupTotal(
        cards=cards,
        calls=calls,
        minutes=Decimal(seconds) / 60,
        most_in_hour=max(hours),
        last_hour=last_hour(hours, now),
    )


def last_hour(hours: Sequence[int], now: datetime) -> int:
    """Return the calls of the last 60 minutes, those of the hour before taken as spread evenly over it."""
    local = now.astimezone(SHANGHAI)
    before = hours[local.hour - 1] if local.hour else 0
    return hours[local.hour] + round(before * (60 - local.minute) / 60)

"""What counts as a stop by the carrier, and for which cause, as words about `cards_cardchange change`."""

from cards.choices import STOPPED
from cards.rules.transitions import CONDUCT

STOP_DAYS = 90
USUAL_DAYS = 7


def _listed(values: frozenset[str]) -> str:
    return ", ".join(f"'{value!s}'" for value in sorted(values))


INTO_STOP = f"""change.axis = 'service' AND change.to_state IN ({_listed(STOPPED)})
    AND change.from_state <> '' AND change.from_state NOT IN ({_listed(STOPPED)}) AND change.reverses_id IS NULL
    AND NOT EXISTS (SELECT FROM cards_cardchange back WHERE back.reverses_id = change.id)"""
# What the carrier confirmed in a case that was open when the card stopped, or was opened before it came back (R44);
# else the reason that was recorded.
CONFIRMED = f"""coalesce((
    SELECT told.cause FROM lifecycle_case told
    WHERE told.card_id = change.card_id AND told.kind = 'suspension' AND told.cause <> ''
        AND coalesce(told.closed_at, 'infinity') >= change.at
        AND NOT EXISTS (
            SELECT FROM cards_cardchange later WHERE later.card_id = change.card_id AND later.axis = 'service'
                AND later.at > change.at AND later.at <= told.opened_at AND later.reverses_id IS NULL
                AND later.to_state NOT IN ({_listed(STOPPED)}))
    ORDER BY told.opened_at LIMIT 1), change.reason)"""  # noqa: S608 - our own words
CONDUCT_STOP = f"{INTO_STOP} AND {CONFIRMED} IN ({_listed(CONDUCT)})"

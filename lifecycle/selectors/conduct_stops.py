"""What counts as a stop by the carrier for a card's conduct, as a condition on `cards_cardchange change`."""

from cards.choices import STOPPED
from cards.rules.transitions import CONDUCT

STOP_DAYS = 90
USUAL_DAYS = 7


def _listed(values: frozenset[str]) -> str:
    return ", ".join(f"'{value!s}'" for value in sorted(values))


INTO_STOP = f"""change.axis = 'service' AND change.to_state IN ({_listed(STOPPED)})
    AND change.from_state <> '' AND change.from_state NOT IN ({_listed(STOPPED)}) AND change.reverses_id IS NULL
    AND NOT EXISTS (SELECT FROM cards_cardchange back WHERE back.reverses_id = change.id)"""
CONDUCT_STOP = f"{INTO_STOP} AND change.reason IN ({_listed(CONDUCT)})"

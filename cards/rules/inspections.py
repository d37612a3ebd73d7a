"""What an inspection has to say (R8, R10, R102)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import Condition, CustodyState, SignalCheck, SpareDecision

# From these a damaged card is laid aside among the faulty ones.
MAY_BE_LAID_ASIDE = frozenset(
    {
        CustodyState.IN_STOCK,
        CustodyState.SPARE,
        CustodyState.ISSUED,
        CustodyState.RETURN_DUE,
        CustodyState.RETURNED,
        CustodyState.RESTING,
    }
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found of a card in a custody state; `use_by` is the day from which a spare is in real use."""

    custody_state: str
    condition: str
    damage: str = ""
    signal: str = SignalCheck.NOT_LOOKED
    decision: str = ""
    use_by: date | None = None
    note: str = ""


def lacking(found: Found, *, today: date) -> Iterator[Reason]:
    """Yield what an inspection leaves open.

    A spare is put into a phone to see whether it still finds its network, and somebody decides whether it is needed,
    comes into real use by a day, or is given up: no traffic is ever made to keep it (refusal X4).
    """
    if found.condition == Condition.DAMAGED and not found.damage:
        yield Reason(code="damage_missing", field="damage", message=_("Say what happened to the card."))
    if found.damage and found.condition == Condition.GOOD:
        yield Reason(
            code="damage_of_good_card",
            field="condition",
            message=_("A card with damage is worn or damaged. Correct one of the two."),
        )
    if found.custody_state == CustodyState.SPARE:
        yield from _of_a_spare(found, today)


def _of_a_spare(found: Found, today: date) -> Iterator[Reason]:
    if found.signal == SignalCheck.NOT_LOOKED:
        yield Reason(
            code="standby_not_checked",
            field="signal",
            message=_("Put the spare into a phone and look whether it finds its network."),
        )
    if not found.decision:
        yield Reason(
            code="decision_missing",
            field="decision",
            message=_("Decide: it stays a spare, comes into real use, or is given up."),
        )
    if found.decision == SpareDecision.USE and (found.use_by is None or found.use_by < today):
        yield Reason(code="use_by_missing", field="use_by", message=_("Say by which day it is in real use."))
    if found.decision == SpareDecision.KEEP and not found.note.strip():
        yield Reason(code="note_missing", field="note", message=_("Say what the spare is kept for."))

"""Whether, how and by whom plastic may be destroyed (R17, R92; domain.md C9, C10)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import CustodyState
from cards.rules import custody
from lifecycle.choices import DestructionMethod

ICCID_END = 6


@dataclass(frozen=True, kw_only=True)
class Plastic:
    """The plastic that is to be destroyed. `voided_sim`: it is a replaced SIM, whose number lives on a new one."""

    iccid: str
    service_state: str
    custody_state: str
    voided_sim: int | None = None


def not_ready(plastic: Plastic) -> Iterator[Reason]:
    """Yield why the plastic may not be destroyed yet: it still serves, or it is not in our hands."""
    if plastic.voided_sim is not None:
        return
    if refused := custody.refusal(plastic.custody_state, CustodyState.DESTROYED, service_state=plastic.service_state):
        yield refused


def wrong_card(plastic: Plastic, typed: str) -> Iterator[Reason]:
    """Yield a refusal unless the last six characters of the ICCID in the hand are those of the card on record."""
    if "".join(typed.split()).upper() != plastic.iccid[-ICCID_END:].upper():
        yield Reason(
            code="wrong_card",
            message=_("These are not the last six digits of this card's ICCID."),
            clears=_("Put the card aside, look for the right one, and key the digits printed on it."),
            field="iccid_end",
        )


def wrong_method(method: str) -> Iterator[Reason]:
    """Yield a refusal of what does not destroy a chip (C10)."""
    if method == DestructionMethod.DEGAUSS:
        yield Reason(
            code="degauss_useless",
            message=_("A magnet erases nothing here: a SIM keeps its keys in a chip, not on a magnetic layer."),
            clears=_("Cut through the chip itself, or shred the card."),
            field="method",
            value=method,
        )

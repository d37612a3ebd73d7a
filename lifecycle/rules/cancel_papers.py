"""By which ways a carrier cancels a number, and what each asks for (R89, R90, R97, R105; C14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cards.choices import ENDED, ServiceState
from lifecycle.choices import CancelChannel

Papers = Mapping[CancelChannel, Sequence[str]]


def offered(papers: Papers, *, general: Sequence[str] = ()) -> dict[CancelChannel, list[str]]:
    """Return the ways a carrier offers with the papers of each.

    Where nobody recorded any, an outlet is what every contract read allows, with the carrier's general papers.
    """
    found = {channel: list(papers.get(channel, ())) for channel in CancelChannel if papers.get(channel)}
    return found or {CancelChannel.OUTLET: list(general)}


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """Whether a former holder may have an ended number back, until when, and why."""

    is_possible: bool
    until: date | None
    why: Text


def recovery(*, service_state: str, freeze_ends: date | None, today: date, fee: Decimal | None) -> Recovery:
    """Return whether an ended number can come back: within the freeze, if the carrier's terms know a fee for it."""
    if service_state not in ENDED:
        return Recovery(
            is_possible=True, until=None, why=_("The number is not ended yet: the cancellation may be withdrawn.")
        )
    over = freeze_ends is None or today >= freeze_ends
    if service_state not in (ServiceState.CANCELLED, ServiceState.FROZEN) or over:
        why = _("The freeze is over: the carrier may have given the number to somebody else.")
        return Recovery(is_possible=False, until=None, why=why)
    if fee is None:
        why = _("The carrier's terms do not say that a frozen number can come back. Ask.")
        return Recovery(is_possible=False, until=freeze_ends, why=why)
    back = format_lazy(_("The former holder may have it back until then for CNY {fee}, as a new card."), fee=fee)
    return Recovery(is_possible=True, until=freeze_ends, why=back)

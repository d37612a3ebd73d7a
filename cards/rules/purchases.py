"""Which line of an order a received card belongs to (R22)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import OrderState


@dataclass
class OpenLine:
    """A line as it is filled: ids of carrier and plan (None: any plan), and how many cards still lack."""

    pk: int
    carrier: int
    plan: int | None
    lacking: int


def line_for(lines: Sequence[OpenLine], *, carrier: int, plan: int | None) -> OpenLine | Reason:
    """Return the line a card fills, the one that names its plan first; or why there is none."""
    fitting = [line for line in lines if line.carrier == carrier and line.plan in {None, plan}]
    fitting.sort(key=lambda line: line.plan is None)
    if not fitting:
        return Reason(
            code="not_ordered",
            message=_("No line of this order is for cards of this carrier and plan."),
            clears=_("Look at the order number, or correct the plan of the card."),
        )
    with_room = [line for line in fitting if line.lacking]
    if not with_room:
        return Reason(
            code="line_full",
            message=_("As many cards as were ordered are received already."),
            clears=_("Place another order for what came beyond it."),
        )
    return with_room[0]


def order_state(*, ordered: int, received: int, is_closed: bool) -> OrderState:
    """Return how far an order has come."""
    if received >= ordered:
        return OrderState.RECEIVED
    if is_closed:
        return OrderState.CLOSED
    return OrderState.PARTLY if received else OrderState.ORDERED

"""How customers are reached while a number is stopped: only where they agreed, never around a penalty (R53).

消费者权益保护法实施条例 art. 24 and 广告法 art. 43 ask for consent whatever the channel; a stop for conduct is not got
round by another card (domain.md section 7, 9).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from lifecycle.choices import CustomerChannel
from lifecycle.rules.cases.suspension import PENALISED, group_of

# These customers come to us, so there is nothing to agree to.
BY_THE_CUSTOMER = frozenset({CustomerChannel.INCOMING})


@dataclass(frozen=True, kw_only=True)
class ContactBase:
    """Of the people called from a card in the days before its stop: who agreed, who refused, who said nothing."""

    agreed: int
    refused: int
    silent: int

    @property
    def people(self) -> int:
        """All of them."""
        return self.agreed + self.refused + self.silent


@dataclass(frozen=True, kw_only=True)
class ContingencyFacts:
    """A plan: channels, on what consent it rests, and why the card stopped (recorded and confirmed)."""

    channels: frozenset[str]
    basis: str
    reasons: frozenset[str]
    is_released: bool


def contingency_refusals(plan: ContingencyFacts) -> Iterable[Reason]:
    """Yield what a plan may not do."""
    if plan.channels - BY_THE_CUSTOMER and not plan.basis.strip():
        yield Reason(
            code="consent_basis_missing",
            message=_("Silence is no consent. Say where and when these customers agreed to this channel."),
            clears=_("Name the record of consent, or choose only channels on which the customer comes to you."),
            field="basis",
        )
    penalised = any(group_of(reason) in PENALISED for reason in plan.reasons)
    if CustomerChannel.OTHER_CARD in plan.channels and penalised and not plan.is_released:
        yield Reason(
            code="channel_dodges",
            message=_("Calls from another card would go on with what the carrier stopped."),
            clears=_("Choose another channel, or wait until compliance has released the card."),
            field="channels",
        )

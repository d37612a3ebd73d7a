"""What the page and papers of a cancellation show: ways, papers, money, contract, freeze (R89-R91, R103-R108)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cardfleet.kernel.clock import business_day
from cards.choices import ServiceState
from cards.models import Card, Carrier
from cards.rules.carrier_terms import Dated, freeze_end
from lifecycle.choices import CancelChannel
from lifecycle.models import Case
from lifecycle.rules.cancel_papers import Recovery, offered, recovery
from lifecycle.rules.cancelling import Standing
from lifecycle.rules.leaving import Leaving, cheapest, leave
from lifecycle.rules.settlement import Settlement, settle
from lifecycle.selectors.facts import inputs_of, terms_of
from lifecycle.selectors.settling import lock_of, purses


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to cancel at a carrier, with the papers it asks for."""

    channel: CancelChannel
    papers: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What ending a number comes to today. `freeze` is None until the carrier ended it."""

    settlement: Settlement
    lock_ends_on: date | None
    today: Leaving
    best: Leaving
    freeze: Dated | None
    recovery: Recovery

    @property
    def is_locked_in(self) -> bool:
        """Whether today lies within the contract's term."""
        return self.today.penalty.months_left > 0


def ways_of(carrier: Carrier) -> list[Way]:
    """Return the ways a carrier cancels numbers by."""
    papers: Mapping[CancelChannel, Sequence[str]] = {
        CancelChannel.WEB_APP: carrier.papers_web_app,
        CancelChannel.HOTLINE: carrier.papers_hotline,
        CancelChannel.OUTLET: carrier.papers_outlet,
    }
    found = offered(papers, general=carrier.document_checklist)
    return [Way(channel=channel, papers=asked) for channel, asked in found.items()]


def standing_of(case: Case) -> Standing:
    """Return the card of a case as the rules of cancelling see it."""
    card = case.card
    return Standing(
        service_state=card.service_state,
        custody_state=card.custody_state,
        is_held=card.holder_id is not None,
        is_customer_facing=card.is_customer_facing,
        reason=case.reason,
    )


def ending_of(card: Card, *, now: datetime) -> Ending:
    """Return what ending a number (its carrier joined) comes to today."""
    today, known = business_day(now), inputs_of([card.pk], now=now)[card.pk]
    lock, freeze = lock_of(known), freeze_of(card)
    return Ending(
        settlement=settle(purses({card.pk: known}, today=today)[card.pk]),
        lock_ends_on=lock.ends_on,
        today=leave(lock, today=today, on=today),
        best=cheapest(lock, today=today),
        freeze=freeze,
        recovery=recovery_of(card, today=today),
    )


def freeze_of(card: Card) -> Dated | None:
    """Return until when an ended number stays frozen."""
    if card.service_state not in (ServiceState.CANCELLED, ServiceState.FROZEN):
        return None
    return freeze_end(terms_of(card.carrier), ended_on=business_day(card.service_since))


def recovery_of(card: Card, *, today: date) -> Recovery:
    """Return whether the number can still come back."""
    freeze = freeze_of(card)
    return recovery(
        service_state=card.service_state,
        freeze_ends=freeze.on if freeze else None,
        today=today,
        fee=card.carrier.reopen_fee,
    )

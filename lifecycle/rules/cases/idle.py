"""Cards that fall silent: when the carrier takes them back, and what is genuine use (R95, R100, R102, R109).

A person uses the card for its purpose, or releases it. CardFleet never makes a call, a message or a payment to keep a
number alive: simulated traffic is 养卡, which the notice of 2021 against idle cards (断卡) and art. 31 name, and what
stops whole fleets. So calls between own cards do not count either.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from cards.rules.carrier_terms import CarrierTerms, Dated, recycle

LEAD_DAYS = 21


@dataclass(frozen=True, kw_only=True)
class IdleFacts:
    """When a card was last used; `known_since` is the later of its activation and its entry into our books."""

    last_call_on: date | None
    last_topup_on: date | None
    known_since: date | None
    terms: CarrierTerms


def recycled_on(facts: IdleFacts) -> Dated | None:
    """Return the predicted day; of a card never seen in use from when we could have seen it."""
    used = facts.last_call_on or facts.last_topup_on
    return recycle(
        facts.terms,
        last_call_on=facts.last_call_on if used else facts.known_since,
        last_topup_on=facts.last_topup_on,
    )


def is_near(predicted: Dated | None, *, today: date, lead: int = LEAD_DAYS) -> bool:
    """Tell whether it is time for somebody to decide."""
    return predicted is not None and predicted.on - timedelta(days=lead) <= today

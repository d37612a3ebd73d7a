"""What ends on a day ahead: validity of cards, contracts, real-name proofs, trainings (R15, R23, R73, R102, R103)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from agents.selectors.training import training_expiring
from cards.models import Card
from lifecycle.choices import AlertKind
from lifecycle.rules.reminders import LEAD_DAYS

HORIZON = timedelta(days=max(LEAD_DAYS))


@dataclass(frozen=True, kw_only=True)
class Due:
    """One end: `subject` names what ends, once however many cards hang on it; it concerns one card or one agent."""

    kind: str
    subject: str
    due_on: date
    card_id: int | None = None
    agent_id: int | None = None
    params: dict[str, Any] = field(default_factory=dict)


def dues(today: date) -> Iterator[Due]:
    """Yield what ends within the longest lead time, and what has ended and still matters. A fixed number of queries.

    A contract that is over no longer binds anybody; a card, a proof or a training that is over needs somebody.
    """
    yield from _validity(today)
    yield from _contracts(today)
    yield from _proofs(today)
    yield from _trainings(today)


def _validity(today: date) -> Iterator[Due]:
    cards = Card.objects.live().filter(expires_on__lte=today + HORIZON)
    for pk, ends_on in cards.order_by("pk").values_list("pk", "expires_on"):
        if ends_on:
            yield Due(kind=AlertKind.CARD_EXPIRY, subject=f"card:{pk}", due_on=ends_on, card_id=pk)


def _contracts(today: date) -> Iterator[Due]:
    cards = Card.objects.live().filter(contract__ends_on__gte=today, contract__ends_on__lte=today + HORIZON)
    fields = ("pk", "contract_id", "contract__number", "contract__ends_on")
    for pk, contract, number, ends_on in cards.order_by("pk").values_list(*fields):
        yield Due(
            kind=AlertKind.CONTRACT_END,
            subject=f"contract:{contract}",
            due_on=ends_on,
            card_id=pk,
            params={"number": number},
        )


def _proofs(today: date) -> Iterator[Due]:
    cards = Card.objects.live().filter(registrant__proof_valid_until__lte=today + HORIZON)
    fields = ("pk", "registrant_id", "registrant__proof_valid_until")
    for pk, registrant, ends_on in cards.order_by("pk").values_list(*fields):
        yield Due(kind=AlertKind.REAL_NAME_EXPIRY, subject=f"registrant:{registrant}", due_on=ends_on, card_id=pk)


def _trainings(today: date) -> Iterator[Due]:
    told: set[int] = set()
    for training in training_expiring(today, within_days=HORIZON.days):
        if training.agent_id not in told:  # the soonest comes first, and an agent has one alert
            told.add(training.agent_id)
            yield Due(
                kind=AlertKind.TRAINING_EXPIRY,
                subject=f"agent:{training.agent_id}:course:{training.course_id}",
                due_on=training.valid_until,
                agent_id=training.agent_id,
                params={"course": training.course_title},
            )

"""What ends on a day ahead: cards, contracts, real-name proofs, trainings, secrets (R15, R23, R25, R73, R102, R103)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from agents.selectors.training import training_expiring
from cards.models import Card, Contract
from cards.rules.contract_terms import bound
from cards.selectors.secrets import secrets_to_change
from lifecycle.choices import AlertKind
from lifecycle.rules.reminders import LEAD_DAYS

HORIZON = timedelta(days=max(LEAD_DAYS))
SECRETS_AHEAD = 7


@dataclass(frozen=True, kw_only=True)
class Due:
    """One end: `subject` names what ends, once however many cards hang on it; it concerns one card or one agent.

    `code` words it, where the kind does not; what is `mild` never becomes graver than a warning.
    """

    kind: str
    subject: str
    due_on: date
    card_id: int | None = None
    agent_id: int | None = None
    params: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    mild: bool = False


def dues(today: date) -> Iterator[Due]:
    """Yield what ends within the longest lead time, and what has ended and still matters. A fixed number of queries.

    A contract that is over no longer binds anybody; a card, a proof or a training that is over needs somebody.
    """
    yield from _validity(today)
    yield from _contracts(today)
    yield from _proofs(today)
    yield from _trainings(today)
    yield from _secrets(today)


def _validity(today: date) -> Iterator[Due]:
    cards = Card.objects.live().filter(expires_on__lte=today + HORIZON)
    for pk, ends_on in cards.order_by("pk").values_list("pk", "expires_on"):
        if ends_on:
            yield Due(kind=AlertKind.CARD_EXPIRY, subject=f"card:{pk}", due_on=ends_on, card_id=pk)


def _contracts(today: date) -> Iterator[Due]:
    """Yield contracts by their last day, and those that renew themselves by their last day to give notice."""
    days = {pk: day for pk, day in _contract_days(today) if today <= day.on <= today + HORIZON}
    cards = Card.objects.live().filter(contract__in=days).order_by("pk")
    for pk, contract in cards.values_list("pk", "contract_id"):
        day = days[contract or 0]
        yield Due(
            kind=AlertKind.CONTRACT_END,
            code=day.code,
            subject=f"contract:{contract}",
            due_on=day.on,
            card_id=pk,
            params={"number": day.number, "ends_on": day.ends_on.isoformat()},
        )


@dataclass(frozen=True, kw_only=True)
class _ContractDay:
    number: str
    on: date
    ends_on: date
    code: str


def _contract_days(today: date) -> Iterator[tuple[int, _ContractDay]]:
    for contract in Contract.objects.filter(ends_on__gte=today):
        binds = bound(contract.terms, on=today)
        if binds is None:
            continue
        is_renewed = binds.notice_by is not None and contract.notice_given_on is None
        yield (
            contract.pk,
            _ContractDay(
                number=contract.number,
                on=binds.notice_by if binds.notice_by and is_renewed else binds.until.on,
                ends_on=binds.until.on,
                code="contract_notice" if is_renewed else "",
            ),
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


def _secrets(today: date) -> Iterator[Due]:
    """Yield the cards whose PIN and password are to be changed by the company's policy (R25)."""
    found = secrets_to_change(today, every_days=settings.SECRET_CHANGE_DAYS, within_days=SECRETS_AHEAD)
    for card, day in found:
        yield Due(kind=AlertKind.SECRET_CHANGE, subject=f"secret:{card}", due_on=day, card_id=card, mild=True)

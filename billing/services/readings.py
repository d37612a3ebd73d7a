"""What carriers say of balances and states, beside what we reckon (R29, R30)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.choices import ReadingSource
from billing.importers.reading_lines import Readings, ReadLine
from billing.models import AccountCard, BalanceReading
from billing.selectors.balances import Balance, balances
from billing.services.accounts import open_accounts
from billing.services.balance_gaps import find_gaps
from billing.services.top_ups.confirming import confirm_top_ups
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import Reason
from cards.choices import ChangeSource
from cards.models import Card
from cards.services.states import StateReport, StatesOutcome, change_service_states

TOLD_BY = {ReadingSource.SMS: ChangeSource.CARRIER_SMS, ReadingSource.CARRIER: ChangeSource.CARRIER}


class StateWriter(Protocol):
    """What records many states: of a higher app where more follows from a stop than the state."""

    def __call__(
        self, *, reports: Sequence[StateReport], source: str, actor: User | None, now: datetime
    ) -> StatesOutcome:
        """Record them, as `cards.services.states.change_service_states`."""


@dataclass(frozen=True, kw_only=True)
class ReadingsOutcome:
    """What became of readings: balances stored and known before, states changed, lines refused and why.

    `differing` are the balances whose last reading is not what we had reckoned for its moment.
    """

    stored: int
    known: int
    states: int
    refused: list[Reason]
    differing: list[Balance]

    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        return {
            "stored": self.stored,
            "known": self.known,
            "states": self.states,
            "refused": len(self.refused),
            "differing": len(self.differing),
        }


@transaction.atomic
def record_readings(
    *,
    readings: Readings,
    source: ReadingSource,
    actor: User | None,
    now: datetime,
    change_states: StateWriter = change_service_states,
) -> ReadingsOutcome:
    """Record balances and states; a reading of a moment already known adds nothing, and the latest moment is shown.

    Lines of unknown numbers, and states the graph does not allow, come back refused; the others are recorded.
    """
    cards = _cards(readings)
    known = [(line, cards[line.msisdn]) for line in readings.lines if line.msisdn in cards]
    paying = {card for line, card in known if line.balance is not None}
    open_accounts(card_ids=paying, actor=actor, now=now)
    stored, repeated = _store(known, source, actor=actor, now=now)
    changed, unmet = _change_states(known, change_states, source=source, actor=actor, now=now)
    unknown = [_unknown(line) for line in readings.lines if line.msisdn not in cards]
    outcome = ReadingsOutcome(
        stored=stored,
        known=repeated,
        states=changed,
        refused=sorted([*readings.refused, *unknown, *unmet], key=lambda reason: reason.line or 0),
        differing=[balance for balance in balances(set(cards.values())).values() if balance.difference],
    )
    record(
        actor=actor,
        action="billing.readings_recorded",
        subject="billing.balancereading:many",
        now=now,
        data={"source": source, **outcome.counts()},
    )
    return outcome


def _cards(readings: Readings) -> dict[str, int]:
    """Return the card that has each number now."""
    numbers = {line.msisdn for line in readings.lines}
    return dict(Card.objects.live().filter(msisdn__in=numbers).values_list("msisdn", "pk"))


def _store(
    known: list[tuple[ReadLine, int]], source: ReadingSource, *, actor: User | None, now: datetime
) -> tuple[int, int]:
    payers: Mapping[int, int] = dict(
        AccountCard.objects.current().filter(card__in={card for _line, card in known}).values_list("card", "account")
    )
    new = {
        (payers[card], line.read_at): BalanceReading(
            account_id=payers[card],
            read_at=line.read_at,
            balance=line.balance,
            source=source,
            recorded_at=now,
            actor=actor,
        )
        for line, card in known
        if line.balance is not None
    }
    before = BalanceReading.objects.count()
    BalanceReading.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=1000)
    stored = BalanceReading.objects.count() - before
    confirm_top_ups(account_ids=set(payers.values()), now=now)
    find_gaps(accounts=set(payers.values()), now=now)
    return stored, sum(line.balance is not None for line, _card in known) - stored


def _change_states(
    known: list[tuple[ReadLine, int]],
    change_states: StateWriter,
    *,
    source: ReadingSource,
    actor: User | None,
    now: datetime,
) -> tuple[int, list[Reason]]:
    lines = {(card, line.read_at, line.state): line for line, card in known if line.state}
    reports = [
        StateReport(card_id=card, to=line.state, at=line.read_at, reason=line.reason)
        for (card, _at, _state), line in lines.items()
    ]
    outcome = change_states(reports=reports, source=TOLD_BY.get(source, ChangeSource.IMPORT), actor=actor, now=now)
    refused = [_placed(reason, lines[report.card_id, report.at, report.to]) for report, reason in outcome.refused]
    return len(outcome.changes), refused


def _placed(reason: Reason, line: ReadLine) -> Reason:
    return replace(reason, line=line.line, column="service_state", value=line.state)


def _unknown(line: ReadLine) -> Reason:
    return Reason(
        code="unknown_card",
        message=_("No card has this number now. Import the card, or correct the number."),
        line=line.line,
        column="msisdn",
        value=line.msisdn,
    )

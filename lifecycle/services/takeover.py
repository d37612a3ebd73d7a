"""A card file taken over whole: cards, whose hands they are in, and what they hold (issue: take-over).

Cards, assignments and balances each have their own writer; this use case calls them in one transaction, so that a line
is stored with all it says or comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from agents.services.takeover import TakenOver, TakeoverOutcome, open_taken_over
from billing.services.accounts import open_accounts, take_over_balances
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import day_start
from cardfleet.kernel.errors import Reason
from cards.importers.cards import CardSheet
from cards.importers.rows import CardRow
from cards.services.card_import import ImportOutcome, import_cards
from cards.services.import_rows import StoredCard


@dataclass(frozen=True, kw_only=True)
class FleetImport:
    """What a card file brought: the cards, and how many assignments and balances were opened with them."""

    cards: ImportOutcome
    assignments: int
    balances: int

    def counts(self) -> dict[str, int]:
        """Return all counts by name, for a job's summary."""
        return {**self.cards.counts(), "assignments": self.assignments, "balances": self.balances}


@transaction.atomic
def import_card_file(
    *,
    sheet: CardSheet,
    create_missing: bool,
    team: Team | None,
    reason: str,
    dry_run: bool,
    actor: User | None,
    now: datetime,
) -> FleetImport:
    """Import a card file with what it says of holders and balances, under one attested reason.

    A line whose holder cannot have the card is refused whole. With `dry_run` the answer is the same and nothing is
    written. BadInput when the file takes over but no reason is given.
    """
    agents = _agents(sheet, actor)
    sheet = sheet.refusing(_unknown_holders(sheet, agents))
    while True:
        with transaction.atomic():
            outcome = import_cards(
                sheet=sheet, create_missing=create_missing, team=team, reason=reason, actor=actor, now=now
            )
            opened = _open_assignments(outcome.stored, agents, reason=reason, actor=actor, now=now)
            if refused := _refused_lines(outcome.stored, opened):
                transaction.set_rollback(True)
        if not refused:
            break
        sheet = sheet.refusing(refused)
    balances = _open_balances(outcome.stored, reason=reason, actor=actor, now=now)
    if dry_run:
        transaction.set_rollback(True)
    return FleetImport(cards=outcome, assignments=len(opened.opened), balances=balances)


def _rows(sheet: CardSheet) -> list[CardRow]:
    return [line.row for line in sheet.lines if line.row]


def _agents(sheet: CardSheet, actor: User | None) -> dict[str, int]:
    """Return the agents whom the file names and the actor sees, by staff number."""
    numbers = {row.holder for row in _rows(sheet) if row.holder}
    agents = Agent.objects.filter(user__staff_no__in=numbers)
    if actor:
        agents = agents.visible_to(actor)
    return {number: pk for number, pk in agents.values_list("user__staff_no", "pk") if number}


def _unknown_holders(sheet: CardSheet, agents: Mapping[str, int]) -> dict[int, Reason]:
    return {
        row.line: Reason(
            code="holder_unknown",
            message=_("No agent in your scope has this staff number."),
            clears=_("Correct it, or import the agents first."),
            field="holder",
            line=row.line,
            value=row.holder,
        )
        for row in _rows(sheet)
        if row.holder and row.holder not in agents
    }


def _open_assignments(
    stored: Sequence[StoredCard], agents: Mapping[str, int], *, reason: str, actor: User | None, now: datetime
) -> TakeoverOutcome:
    rows = [
        TakenOver(
            card_id=card.card_id,
            agent_id=agents[card.row.holder],
            started_at=day_start(card.row.issued_on) if card.row.issued_on else now,
        )
        for card in stored
        if card.row and card.row.holder
    ]
    if not rows:
        return TakeoverOutcome(opened=[], unchanged=[], refused=[])
    return open_taken_over(rows=rows, reason=reason, actor=actor, now=now)


def _refused_lines(stored: Sequence[StoredCard], opened: TakeoverOutcome) -> dict[int, Reason]:
    lines = {card.card_id: card.line for card in stored}
    return {lines[row.card_id]: replace(unmet, line=lines[row.card_id]) for row, unmet in opened.refused}


def _open_balances(stored: Sequence[StoredCard], *, reason: str, actor: User | None, now: datetime) -> int:
    """Open an account for each new card, and enter what a card is said to hold where nothing is known yet."""
    open_accounts(card_ids=[card.card_id for card in stored if card.is_new], actor=actor, now=now)
    balances = {card.card_id: card.row.balance for card in stored if card.row and card.row.balance is not None}
    if not balances:
        return 0
    return take_over_balances(balances=balances, at=now, actor=actor, now=now, reason=reason)

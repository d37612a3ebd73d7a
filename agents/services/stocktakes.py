"""Counting cards: started, scanned by one or more people, settled, closed (R7)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from agents.choices import Difference, Settlement
from agents.errors import TakeClosed, TakeEmpty, TakeUnsettled
from agents.models import Agent, Assignment, StockTake, StockTakeRow
from agents.rules.stocktakes import CountedCard, remedy
from agents.selectors.stocktakes import DIFFERENT, counts, expected_cards
from agents.services.assignments import return_card
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.choices import Condition, CustodyState
from cards.models import Card, Location
from cards.querysets import CardQuerySet
from cards.rules.scans import Scan
from cards.selectors.scans import find_scanned
from cards.services.custody import CustodyMove, change_custodies
from cards.services.locations import move_cards


@dataclass(frozen=True, kw_only=True)
class ScanOutcome:
    """What one scan meant for the count; `again` when it was found before."""

    text: str
    card: Card | None
    difference: Difference
    again: bool


@one_transaction
def start_take(
    *, location: Location | None, agent: Agent | None, cards: CardQuerySet, actor: User | None, now: datetime
) -> StockTake:
    """Start a count of a place or an agent's cards among those in scope; one that goes on in the team is resumed."""
    if (location is None) == (agent is None):
        raise TakeEmpty
    team = agent.user.team if agent else actor.team if actor else None
    _lock_subject(location, agent)
    going_on = StockTake.objects.open().filter(location=location, agent=agent, team=team).first()
    if going_on:
        return going_on
    take = StockTake.objects.create(location=location, agent=agent, team=team, started_at=now, started_by=actor)
    ids = expected_cards(take, cards).order_by("pk").values_list("pk", flat=True)
    rows = [StockTakeRow(take=take, card_id=pk, is_expected=True) for pk in ids]
    insert_many(rows)
    record(actor=actor, action="agents.take_started", subject=take, now=now, data={"expected": len(rows)})
    return take


@one_transaction
def scan_cards(
    *, take_id: int, scans: Sequence[Scan], cards: CardQuerySet, actor: User | None, now: datetime
) -> list[ScanOutcome]:
    """Enter scans into a count and return what each meant, in order. People who scan at once wait for each other.

    A card scanned again stays found when it was found first. TakeClosed.
    """
    take = _locked(take_id)
    scanned = find_scanned(cards, scans)
    rows = {row.card_id: row for row in take.rows.filter(card__in=scanned.cards).select_related("card")}
    outcomes = [_find(take, card, rows.get(card.pk), actor=actor, now=now) for card in scanned.cards]
    return outcomes + [_unknown(take, str(reason.value), actor=actor, now=now) for reason in scanned.unknown]


@one_transaction
def settle(
    *, take_id: int, row_ids: Collection[int] | None = None, actor: User | None, now: datetime
) -> dict[Settlement, int]:
    """Settle differences, all that are open or those named, and return how many were settled how.

    What cannot be done refuses the whole, with its reasons: a place that is full, a month that is closed. TakeClosed.
    """
    take = _locked(take_id)
    wanted = take.rows.filter(DIFFERENT, settled_at__isnull=True)
    rows = list((wanted if row_ids is None else wanted.filter(pk__in=row_ids)).order_by("pk"))
    cards = {
        card.pk: card for card in Card.objects.filter(pk__in=[row.card_id for row in rows if row.card_id]).locked()
    }
    held = set(Assignment.objects.open().filter(card__in=cards).values_list("card", flat=True))
    there = set(expected_cards(take, Card.objects.filter(pk__in=cards)).values_list("pk", flat=True))
    plan: defaultdict[Settlement, list[StockTakeRow]] = defaultdict(list)
    for row in rows:
        counted = _counted(cards.get(row.card_id or 0), held, there)
        plan[remedy(row.difference, counted, of_agent=take.agent_id is not None)].append(row)
    for how, settled in plan.items():
        _carry_out(take, how, [cards[row.card_id] for row in settled if row.card_id], actor=actor, now=now)
        mark = {"settlement": how, "settled_at": now, "settled_by": actor}
        StockTakeRow.objects.filter(pk__in=[row.pk for row in settled]).update(**mark)
    done = {how: len(settled) for how, settled in plan.items()}
    if done:
        data = {str(how): count for how, count in done.items()}
        record(actor=actor, action="agents.take_settled", subject=take, now=now, data=data)
    return done


@one_transaction
def close_take(*, take_id: int, reason: str = "", actor: User | None, now: datetime) -> StockTake:
    """Close a count. TakeUnsettled while differences are open, unless a reason is given; TakeClosed."""
    take = _locked(take_id)
    figures = counts(take)
    if figures.unsettled and not reason.strip():
        raise TakeUnsettled
    take.closed_at, take.closed_by, take.reason = now, actor, reason
    take.save(update_fields=["closed_at", "closed_by", "reason"])
    record(actor=actor, action="agents.take_closed", subject=take, reason=reason, now=now, data=vars(figures))
    return take


def _lock_subject(location: Location | None, agent: Agent | None) -> None:
    """Let two people who start the same count at once find one of it."""
    if agent:
        Agent.objects.locked().get(pk=agent.pk)
    if location:
        Location.objects.select_for_update().get(pk=location.pk)


def _locked(take_id: int) -> StockTake:
    take = StockTake.objects.filter(pk=take_id).select_related("location", "agent__user").locked().first()
    if take is None:
        raise NotVisible
    if take.closed_at:
        raise TakeClosed
    return take


def _find(take: StockTake, card: Card, row: StockTakeRow | None, *, actor: User | None, now: datetime) -> ScanOutcome:
    again = row is not None and row.found_at is not None
    if row is None:
        row = StockTakeRow.objects.create(take=take, card=card, found_at=now, found_by=actor)
    elif not again:
        row.found_at, row.found_by, row.settled_at, row.settlement = now, actor, None, ""
        row.save(update_fields=["found_at", "found_by", "settled_at", "settlement"])
    return ScanOutcome(text=card.masked_iccid, card=card, difference=row.difference, again=again)


def _unknown(take: StockTake, text: str, *, actor: User | None, now: datetime) -> ScanOutcome:
    _row, is_new = StockTakeRow.objects.get_or_create(
        take=take, card=None, text=text, defaults={"found_at": now, "found_by": actor}
    )
    return ScanOutcome(text=text, card=None, difference=Difference.UNKNOWN, again=not is_new)


def _counted(card: Card | None, held: Collection[int], there: Collection[int]) -> CountedCard | None:
    if card is None:
        return None
    return CountedCard(custody_state=card.custody_state, is_held=card.pk in held, is_still_expected=card.pk in there)


def _carry_out(take: StockTake, how: Settlement, cards: Sequence[Card], *, actor: User | None, now: datetime) -> None:
    """Do to the locked cards what settles them; a card that is noted stays as it is."""
    why = str(_("Stock-take"))
    if how == Settlement.MISSING:
        _put(cards, CustodyState.MISSING, actor=actor, now=now)
    elif how == Settlement.RESTOCKED:
        _put(cards, CustodyState.RETURNED, actor=actor, now=now)
        _put(cards, CustodyState.IN_STOCK, actor=actor, now=now)
    elif how == Settlement.TAKEN_BACK:
        for card in cards:
            to = CustodyState.FAULTY if card.condition == Condition.DAMAGED else CustodyState.IN_STOCK
            return_card(card_id=card.pk, to=to, condition=card.condition, note=why, actor=actor, now=now)
    if take.location and how in {Settlement.MOVED, Settlement.RESTOCKED, Settlement.TAKEN_BACK}:
        ids = [card.pk for card in cards]
        move_cards(location_id=take.location.pk, card_ids=ids, actor=actor, now=now, reason=why)


def _put(cards: Sequence[Card], to: CustodyState, *, actor: User | None, now: datetime) -> None:
    moves = [
        CustodyMove(card_id=card.pk, to=to, holder=card.holder, team=card.team, at=now, note=str(_("Stock-take")))
        for card in cards
    ]
    if moves:
        change_custodies(moves=moves, actor=actor, now=now)

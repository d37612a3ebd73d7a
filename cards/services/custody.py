"""The only writer of a card's custody state, team and holder (design, section 3; R7, R75, R76).

Handing out and taking back call it in their own transaction, so that scope never differs from the assignments.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team, User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.errors import NotVisible, Reason
from cardfleet.kernel.transactions import one_transaction
from cards.choices import Axis, ChangeSource, CustodyState
from cards.errors import ChangeRefused
from cards.models import Card, CardChange
from cards.rules import custody
from cards.services.card_rows import write_cards

WRITTEN = ("custody_state", "custody_since", "team", "holder")


@dataclass(frozen=True, kw_only=True)
class CustodyMove:
    """Where one card goes: the state, who has it then (nobody in stock), whose team it is, since when (aware).

    `sim_reissued`: the number came to a new SIM, which need not lie where the old one is.
    """

    card_id: int
    to: str
    holder: User | None
    team: Team | None
    at: datetime
    note: str = ""
    sim_reissued: bool = False


def change_custody(
    *,
    card: Card,
    to: str,
    holder: User | None,
    team: Team | None,
    actor: User | None,
    now: datetime,
    at: datetime,
    reason: str = "",
    note: str = "",
    source: str = ChangeSource.PERSON,
    is_locked: bool = False,
    also: Sequence[Deed] = (),
) -> Card:
    """Put a card somewhere and return it as it stands then, locked until the transaction ends.

    The same state again is right when holder or team differ, else refused. ChangeRefused names the legal places.
    `is_locked` and `also` as for many cards.
    """
    move = CustodyMove(card_id=card.pk, to=to, holder=holder, team=team, at=at, note=note)
    locked = [card] if is_locked else ()
    return change_custodies(moves=[move], actor=actor, now=now, reason=reason, source=source, locked=locked, also=also)[
        0
    ]


@one_transaction
def change_custodies(
    *,
    moves: Sequence[CustodyMove],
    actor: User | None,
    now: datetime,
    reason: str = "",
    source: str = ChangeSource.PERSON,
    locked: Iterable[Card] = (),
    also: Sequence[Deed] = (),
) -> list[Card]:
    """Put many cards somewhere, all or none, one move a card, and return them in the order of the moves.

    Cards in `locked` the caller has locked and read whole; they are not read again. `also` are deeds of the caller,
    journalled after the moves in the same statement. The number of statements does not depend on the number of moves.
    ChangeRefused holds one reason for each card that may not go, NotVisible means a card does not exist.
    """
    ids = [move.card_id for move in moves]
    cards = _locked(ids, {card.pk: card for card in locked})
    entered = cards_as_entered([move.card_id for move in moves if move.at < cards[move.card_id].custody_since])
    unmet = [
        _unmet(cards[move.card_id], move, source=source, now=now, as_entered=move.card_id in entered) for move in moves
    ]
    if any(unmet):
        _refuse([reason for reason in unmet if reason], cards[moves[0].card_id])
    deeds = [_deed(cards[move.card_id], move, reason) for move in moves]
    changes = [_apply(cards[move.card_id], move, source=source, actor=actor, now=now) for move in moves]
    write_cards(list(cards.values()), WRITTEN, now=now)
    insert_many([change for change in changes if change])
    record_many([*deeds, *also], actor=actor, now=now)
    return [cards[card_id] for card_id in ids]


def _locked(ids: Sequence[int], known: dict[int, Card]) -> dict[int, Card]:
    missing = [card_id for card_id in ids if card_id not in known]
    if missing:
        known |= {card.pk: card for card in Card.objects.filter(pk__in=missing).locked()}
    if len(known) < len(ids):
        raise NotVisible
    return known


def cards_as_entered(card_ids: Sequence[int]) -> set[int]:
    """Return the cards that never moved since they entered our books."""
    if not card_ids:
        return set()
    moved = CardChange.objects.filter(card__in=card_ids, axis=Axis.CUSTODY).exclude(from_state="")
    return set(card_ids) - set(moved.values_list("card_id", flat=True))


def _unmet(card: Card, move: CustodyMove, *, source: str, now: datetime, as_entered: bool) -> Reason | None:
    passed_on = (_id(move.holder), _id(move.team)) != (card.holder_id, card.team_id)
    if card.custody_state != move.to or not passed_on:
        illegal = custody.refusal(
            card.custody_state,
            move.to,
            service_state=card.service_state,
            sim_reissued=move.sim_reissued,
            source=source,
        )
        if illegal:
            return illegal
    if move.at > now:
        return Reason(code="in_the_future", message=_("This has not happened yet. Correct the time."), field="at")
    if move.at < card.custody_since and not as_entered:
        since = to_the_minute(card.custody_since)
        return Reason(
            code="dates_run_backwards",
            message=format_lazy(_("The card is where it is since {since}."), since=since),
            clears=_("Give a later time. What came before is not rewritten."),
            field="at",
        )
    return None


def _id(thing: User | Team | None) -> int | None:
    return thing.pk if thing else None


def _refuse(reasons: Sequence[Reason], card: Card) -> None:
    raise ChangeRefused(
        message=reasons[0].message,
        reasons=reasons,
        context={"legal": [str(place) for place in custody.legal_places(card.custody_state)]},
    )


def _apply(card: Card, move: CustodyMove, *, source: str, actor: User | None, now: datetime) -> CardChange | None:
    """Put the move on the card, and return a history row where the state differs; nothing is stored yet."""
    before = card.custody_state
    card.holder, card.team = move.holder, move.team
    if before == move.to:
        return None
    card.custody_state, card.custody_since = CustodyState(move.to), move.at
    return CardChange(
        card=card,
        axis=Axis.CUSTODY,
        from_state=before,
        to_state=card.custody_state,
        at=move.at,
        recorded_at=now,
        actor=actor,
        source=source,
        note=move.note,
    )


def _deed(card: Card, move: CustodyMove, reason: str) -> Deed:
    """Return the journal's line on a move that is not applied yet: ids only."""
    data = {
        "from": card.custody_state,
        "to": move.to,
        "holder": [card.holder_id, _id(move.holder)],
        "team": [card.team_id, _id(move.team)],
    }
    return Deed(action="cards.custody_changed", subject=card, reason=reason, data=data)

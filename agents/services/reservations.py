"""Cards kept for an agent or a team for a time; the gates refuse them to others (R11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.choices import ReservationEnd
from agents.errors import NothingChosen, ReservationEnded, ReservationNotUsable, ReservedThen
from agents.models import Agent, Reservation
from agents.querysets import ReservationQuerySet
from cardfleet.accounts.models import Team, User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason, Text
from cardfleet.kernel.transactions import one_transaction
from cards.choices import RealNameState
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.rules.custody import ISSUABLE

LONGEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """For whom and when: one agent or one team, both days included."""

    starts_on: date
    ends_on: date
    agent: Agent | None = None
    team: Team | None = None
    note: str = ""


@one_transaction
def reserve_cards(
    *,
    keeping: Keeping,
    cards: CardQuerySet,
    card_ids: Sequence[int] = (),
    count: int = 0,
    actor: User | None,
    now: datetime,
) -> list[Reservation]:
    """Reserve the cards named and so many others in stock, all or none. `cards` are those that may be named.

    ReservationNotUsable names the place that makes no sense; ReservedThen whose the card is then.
    """
    _refuse_unusable(keeping, now)
    if not card_ids and count < 1:
        raise NothingChosen
    named = _named(cards, card_ids, keeping)
    chosen = [*named, *_free(cards, keeping, count, besides=card_ids)]
    rows = [_row(card, keeping, actor, now) for card in chosen]
    try:
        Reservation.objects.bulk_create(rows)
    except IntegrityError as error:
        raise ReservedThen from error
    related: tuple[Agent | Team, ...] = tuple(filter(None, (keeping.agent, keeping.team)))
    data = {"from": keeping.starts_on.isoformat(), "until": keeping.ends_on.isoformat()}
    deeds = [Deed(action="agents.card_reserved", subject=row.card, related=related, data=data) for row in rows]
    record_many(deeds, actor=actor, now=now)
    return rows


@one_transaction
def cancel_reservation(
    *, reservation_id: int, reservations: ReservationQuerySet, actor: User | None, now: datetime
) -> Reservation:
    """Let a card go again before its time; `reservations` are those in scope. NotVisible, ReservationEnded."""
    row = reservations.filter(pk=reservation_id).select_related("card").locked().first()
    if row is None:
        raise NotVisible
    if row.ended_at:
        raise ReservationEnded
    row.ended_at, row.end = now, ReservationEnd.CANCELLED
    row.save(update_fields=["ended_at", "end"])
    record(actor=actor, action="agents.reservation_cancelled", subject=row.card, now=now)
    return row


def _refuse_unusable(keeping: Keeping, now: datetime) -> None:
    if (keeping.agent is None) == (keeping.team is None):
        _refuse("beneficiary", "agent", _("Reserve cards for one agent or for one team."))
    if keeping.ends_on < max(keeping.starts_on, business_day(now)):
        _refuse("period", "ends_on", _("The reservation would be over before it begins. Correct its days."))
    if keeping.ends_on - keeping.starts_on > LONGEST:
        _refuse("too_long", "ends_on", _("A reservation lasts a year at most. Choose an earlier end."))


def _refuse(code: str, field: str, message: Text) -> None:
    raise ReservationNotUsable(reasons=[Reason(code=code, field=field, message=message)])


def _named(cards: CardQuerySet, card_ids: Sequence[int], keeping: Keeping) -> list[Card]:
    """Lock the cards named; each must lie in stock and be free then."""
    if not card_ids:
        return []
    found = list(cards.filter(pk__in=card_ids).locked())
    if len(found) < len(set(card_ids)):
        raise NotVisible
    reasons = [
        Reason(code="not_in_stock", field="cards", message=_("The card is not in stock."), value=card.masked_msisdn)
        for card in found
        if card.custody_state not in ISSUABLE
    ]
    if reasons:
        raise ReservationNotUsable(reasons=reasons)
    taken = _overlapping(keeping).filter(card__in=found).select_related("card", "agent__user", "team")
    if taken:
        raise ReservedThen(reasons=[_taken(row) for row in taken])
    return found


def _free(cards: CardQuerySet, keeping: Keeping, count: int, *, besides: Sequence[int]) -> list[Card]:
    """Lock so many cards of the stock that are free then, the oldest on record first."""
    if count < 1:
        return []
    stock = cards.in_service().filter(custody_state__in=ISSUABLE, real_name_state=RealNameState.VALID)
    free = stock.exclude(pk__in=besides).exclude(pk__in=_overlapping(keeping).values("card"))
    found = list(free.locked()[:count])
    if len(found) < count:
        message = format_lazy(_("Only {free} cards in stock are free in that time."), free=len(found))
        _refuse("too_few", "count", message)
    return found


def _overlapping(keeping: Keeping) -> ReservationQuerySet:
    return Reservation.objects.filter(
        ended_at__isnull=True, starts_on__lte=keeping.ends_on, ends_on__gte=keeping.starts_on
    )


def _taken(row: Reservation) -> Reason:
    message = format_lazy(
        _("The card is reserved for {whom} from {start} to {end}."),
        whom=str(row.agent or row.team),
        start=row.starts_on.isoformat(),
        end=row.ends_on.isoformat(),
    )
    return Reason(code="reserved_for_other", field="cards", message=message, value=row.card.masked_msisdn)


def _row(card: Card, keeping: Keeping, actor: User | None, now: datetime) -> Reservation:
    return Reservation(
        card=card,
        agent=keeping.agent,
        team=keeping.team,
        starts_on=keeping.starts_on,
        ends_on=keeping.ends_on,
        note=keeping.note,
        made_by=actor,
        made_at=now,
    )

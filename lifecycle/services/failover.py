"""One act that puts a spare into the hands of an agent whose card stands still (R47, R55, R110, R111; refusal X9)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from agents.choices import HandoverKind
from agents.models import Assignment
from agents.rules.gates import Gate
from agents.services.handovers import open_receipt
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.transactions import one_transaction
from cardfleet.notify.services import Telling, tell_many
from cards.choices import CustodyState
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.services.custody import change_custody
from lifecycle.errors import AlreadySwitched, SwitchRefused
from lifecycle.messages import CARD_SWITCHED
from lifecycle.models import CardSwitch
from lifecycle.rules.failover import OLD_GOES_TO, minutes_lost
from lifecycle.selectors.failover import Standing, spares_for, standing_of
from lifecycle.selectors.watchers import in_charge_of
from lifecycle.services.allocation import issue_card, take_back
from lifecycle.services.forwarding import ask_forwarding
from lifecycle.services.handout import tell_receipt
from lifecycle.services.number_notices import draft_notice

JOINED = ("carrier", "plan", "contract", "registrant", "actual_user", "team", "holder")
FORWARDED_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Switched:
    """A switch; `is_new` is False where the same press came a second time and changed nothing."""

    switch: CardSwitch
    is_new: bool


@one_transaction
def switch_to_standby(
    *,
    card_id: int,
    standby_id: int,
    actor: User,
    now: datetime,
    gates: Mapping[str, Gate],
    old_goes_to: str = CustodyState.IN_STOCK,
    since: datetime | None = None,
    note: str = "",
    cards: CardQuerySet | None = None,
) -> Switched:
    """Take the stopped card back, or mark it, hand the spare to its holder, draft notice and forwarding; all or none.

    Both cards are locked first, in one order, so that of two who press at once the second finds what the first did:
    the same spare again is answered with the same switch. `old_goes_to`: in stock or faulty (taken back), return due
    or missing (marked, in the agent's name). `since` is when it stood still, if that is not what is recorded. `cards`
    are those that may be named. SwitchRefused names what forbids and what clears it; AlreadySwitched, NotVisible.
    """
    old, new = _locked(card_id, standby_id, cards)
    standing = standing_of(old, actor=actor, now=now)
    if known := _done_before(standing, new):
        return Switched(switch=known, is_new=False)
    before = _allowed(standing, new, actor=actor, now=now, gates=gates, note=note)
    began = _began(since, standing, before, now)
    _put_away(old, old_goes_to, actor=actor, now=now, note=note)
    issued = issue_card(card_id=new.pk, agent_id=before.agent_id, actor=actor, now=now, gates=gates, note=note)
    switch = CardSwitch.objects.create(
        old_card=old,
        new_card=new,
        agent=before.agent,
        before=before,
        assignment=issued.assignment,
        case=standing.case,
        reason=old.stop_reason,
        old_goes_to=old_goes_to,
        still_since=began,
        at=now,
        minutes_lost=minutes_lost(began, now),
        released=standing.is_released,
        note=note,
        by=actor,
    )
    _follow(switch, standing, now=now)
    return Switched(switch=switch, is_new=True)


def _locked(card_id: int, standby_id: int, cards: CardQuerySet | None) -> tuple[Card, Card]:
    found = Card.objects.all() if cards is None else cards
    wanted = found.filter(pk__in=[card_id, standby_id]).select_related(*JOINED).locked()
    by_id = {card.pk: card for card in wanted}
    if card_id == standby_id or len(by_id) < 2:
        raise NotVisible
    return by_id[card_id], by_id[standby_id]


def _done_before(standing: Standing, new: Card) -> CardSwitch | None:
    """Return the switch that was made for this very stop; AlreadySwitched where it took another spare."""
    last = CardSwitch.objects.filter(old_card=standing.card).select_related("new_card").order_by("-pk").first()
    if last is None or (standing.assignment and standing.assignment.pk != last.before_id):
        return None
    if last.new_card_id == new.pk:
        return last
    raise AlreadySwitched(context={"switch": last.pk})


def _allowed(
    standing: Standing, new: Card, *, actor: User, now: datetime, gates: Mapping[str, Gate], note: str
) -> Assignment:
    """Return the hand-over that ends. SwitchRefused by what stands against the old card or the new one."""
    unmet = list(standing.unmet)
    if standing.is_released and not note.strip():
        message = _("Say why compliance releases the card.")
        unmet.append(Reason(code="release_note_missing", field="note", message=message))
    if unmet or standing.assignment is None:
        raise SwitchRefused(reasons=unmet)
    spares = spares_for(standing, user=actor, now=now, gates=gates, only=new.pk)
    if spares.unfit:
        raise SwitchRefused(reasons=spares.unfit[0].ranked.unmet)
    if not spares.fit:
        message, clears = _("This spare is not in stock any more."), _("Choose another one.")
        raise SwitchRefused(reasons=[Reason(code="standby_gone", field="standby", message=message, clears=clears)])
    return standing.assignment


def _began(since: datetime | None, standing: Standing, before: Assignment, now: datetime) -> datetime:
    if since and not before.started_at <= since <= now:
        message = _("The card stood still after it was handed out and before now. Correct the time.")
        raise BadInput(reasons=[Reason(code="moment_unfit", field="since", message=message)])
    return since or max(standing.since, before.started_at)


def _put_away(old: Card, to: str, *, actor: User, now: datetime, note: str) -> None:
    if to not in OLD_GOES_TO:
        message = _("The old card is taken back, into stock or to the faulty ones, or marked as due or missing.")
        raise BadInput(reasons=[Reason(code="place", field="old_goes_to", message=message, value=to)])
    if to in (CustodyState.IN_STOCK, CustodyState.FAULTY):
        take_back(card_id=old.pk, actor=actor, now=now, to=to, condition=old.condition, note=note)
    elif old.custody_state != to:
        change_custody(
            card=old,
            to=to,
            holder=old.holder,
            team=old.team,
            actor=actor,
            now=now,
            at=now,
            reason=note,
            is_locked=True,
        )


def _follow(switch: CardSwitch, standing: Standing, *, now: datetime) -> None:
    """Open the receipt, tell agent and supervisors, draft what customers are told, ask for the forwarding, journal."""
    actor, today = switch.by, business_day(now)
    receipt = open_receipt(
        assignment=switch.assignment,
        act=uuid.uuid4(),
        kind=HandoverKind.HANDOUT,
        accessories="",
        actor=actor,
        now=now,
    )
    tell_receipt(receipt=receipt, count=1, now=now)
    others = [person for person in in_charge_of(switch.old_card.team) if person != actor]
    tell_many(tellings=[_told(switch, person) for person in others], now=now)
    notice = draft_notice(
        old_card_id=switch.old_card_id,
        new_card_id=switch.new_card_id,
        changes_on=today,
        switch=switch,
        case_id=standing.case.pk if standing.case else None,
        actor=actor,
        now=now,
    )
    ask_forwarding(notice_id=notice.pk, starts_on=today, ends_on=today + FORWARDED_FOR, actor=actor, now=now)
    record(
        actor=actor,
        action="lifecycle.card_switched",
        subject=switch.old_card,
        related=(switch.new_card, switch.agent, switch.assignment),
        reason=switch.note,
        now=now,
        data={"minutes": switch.minutes_lost, "to": switch.old_goes_to, "released": switch.released},
    )


def _told(switch: CardSwitch, person: User) -> Telling:
    return Telling(
        user=person,
        code=CARD_SWITCHED,
        params={
            "agent": str(switch.agent),
            "old": switch.old_card.masked_msisdn,
            "new": switch.new_card.masked_msisdn,
            "by": str(switch.by),
            "count": switch.minutes_lost,
        },
        key=f"switch:{switch.pk}:{person.pk}",
        url=url_or_empty("lifecycle:card", switch.new_card_id),
    )

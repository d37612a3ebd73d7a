"""Holders confirm the details of their cards each quarter; what they find wrong is put right by the office (R14)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from agents.choices import ApprovalLevel, Detail
from agents.errors import ConfirmationSettled
from agents.messages import CONFIRM_DETAILS, DETAILS_WRONG
from agents.models import Assignment, CardConfirmation
from agents.rules.confirmations import period_of, reminder_no
from agents.selectors.approvers import approvers
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.transactions import one_transaction
from cardfleet.notify.services import Telling, tell_many


@one_transaction
def confirm_card(*, card_id: int, wrong: Sequence[str], note: str, actor: User, now: datetime) -> CardConfirmation:
    """Record what the holder of a card says of its details this quarter; said again, the last word counts.

    `wrong` are Detail values. The supervisors of the agent are told of what is wrong. NotVisible unless the person
    holds the card and has accepted it; BadInput for details that are wrong without a word on them.
    """
    held = _held(card_id, actor)
    codes = sorted(set(wrong))
    _refuse_unusable(codes, note)
    said, _created = CardConfirmation.objects.select_for_update().update_or_create(
        card_id=card_id,
        agent=held.agent,
        period=period_of(business_day(now)),
        defaults={"wrong": codes, "note": note.strip(), "at": now, "settled_at": None, "settled_by": None},
    )
    data = {"wrong": codes, "period": said.period.isoformat()}
    record(actor=actor, action="agents.card_confirmed", subject=held.card, related=(held.agent,), now=now, data=data)
    if codes:
        _tell_supervisors(held, said, now=now)
    return said


@one_transaction
def settle_confirmation(*, confirmation_id: int, actor: User, now: datetime) -> CardConfirmation:
    """Record that what a holder found wrong is put right. ConfirmationSettled when there is nothing left to settle."""
    said = CardConfirmation.objects.select_related("card").locked().filter(pk=confirmation_id).first()
    if said is None:
        raise NotVisible
    if not said.wrong or said.settled_at:
        raise ConfirmationSettled
    said.settled_at, said.settled_by = now, actor
    said.save(update_fields=["settled_at", "settled_by"])
    record(actor=actor, action="agents.confirmation_settled", subject=said.card, now=now, data={"wrong": said.wrong})
    return said


def remind_confirmations(*, today: date, now: datetime) -> dict[str, int]:
    """Remind each agent, once a week, of cards held since before the quarter began to be confirmed in it."""
    number = reminder_no(today)
    if number is None:
        return {"told": 0}
    period = period_of(today)
    said = CardConfirmation.objects.filter(card=OuterRef("card"), agent=OuterRef("agent"), period=period)
    held = Assignment.objects.open().filter(
        ~Exists(said), accepted_at__isnull=False, started_at__lt=day_start(today), agent__user__is_active=True
    )
    cards: defaultdict[User, list[str]] = defaultdict(list)
    for one in held.select_related("card", "agent__user").order_by("agent_id", "card_id"):
        cards[one.agent.user].append(str(one.card))
    told = [
        Telling(
            user=person,
            code=CONFIRM_DETAILS,
            params={"count": len(numbers), "lines": "\n".join(numbers)},
            key=f"confirm:{period}:{number}",
            url=url_or_empty("lifecycle:my"),
            email=True,
        )
        for person, numbers in cards.items()
    ]
    tell_many(tellings=told, now=now)
    return {"told": len(told)}


def _held(card_id: int, actor: User) -> Assignment:
    mine = Assignment.objects.open().filter(card=card_id, agent__user=actor, accepted_at__isnull=False)
    held = mine.select_related("card", "agent__user__team").first()
    if held is None:
        raise NotVisible
    return held


def _refuse_unusable(codes: Sequence[str], note: str) -> None:
    if unknown := set(codes) - set(Detail.values):
        message = _("There is no such detail.")
        raise BadInput(reasons=[Reason(code="unknown", field="wrong", message=message, value=min(unknown))])
    if codes and not note.strip():
        message = _("Say what is wrong, so that it can be put right.")
        raise BadInput(reasons=[Reason(code="missing", field="note", message=message)])


def _tell_supervisors(held: Assignment, said: CardConfirmation, *, now: datetime) -> None:
    params = {"agent": str(held.agent), "card": str(held.card), "note": said.note}
    told = [
        Telling(
            user=person,
            code=DETAILS_WRONG,
            params=params,
            key=f"confirmation:{said.pk}:{now.isoformat()}",
            url=url_or_empty("lifecycle:data-quality"),
        )
        for person in approvers(held.agent, ApprovalLevel.SUPERVISOR)
    ]
    tell_many(tellings=told, now=now)

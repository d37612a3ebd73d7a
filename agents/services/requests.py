"""Agents ask for cards; who may decides, never the one who asks; cards are handed out from what is approved (R11)."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus, RequestState
from agents.errors import (
    OwnRequest,
    ReasonMissing,
    RequestDecided,
    RequestNotApproved,
    RequestNotUsable,
    RequestOpen,
    TooManyCards,
)
from agents.messages import REQUEST_APPROVED, REQUEST_REJECTED, REQUESTED
from agents.models import Agent, Assignment, CardRequest, Handover, RequestDecision
from agents.rules.requests import MOST_CARDS, levels, next_level
from agents.selectors.approvers import RIGHTS, approvers
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotAllowed, NotVisible, Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.transactions import one_transaction
from cardfleet.notify.services import Telling, tell_many
from cards.models import Card


@one_transaction
def ask_for_cards(
    *,
    count: int,
    purpose: str,
    reason: str,
    needed_until: date | None,
    replaces: Card | None = None,
    actor: User,
    now: datetime,
) -> CardRequest:
    """Ask for cards for oneself, or for another one instead of a card held; those who decide first are told.

    RequestNotUsable, RequestOpen.
    """
    agent = Agent.objects.select_related("user__team").filter(user=actor).locked().first()
    if agent is None or agent.status != AgentStatus.ACTIVE:
        raise RequestNotUsable(message=_("Only an active agent asks for cards."))
    _refuse_unusable(count, needed_until, now)
    _refuse_swap(agent, replaces, count)
    if agent.requests.filter(state=RequestState.WAITING).exists():
        raise RequestOpen
    asked = CardRequest.objects.create(
        agent=agent,
        count=count,
        purpose=purpose,
        reason=reason,
        replaces=replaces,
        needed_until=needed_until,
        level=levels(count=count, held=0, quota=0)[0],
        asked_at=now,
    )
    record(actor=actor, action="agents.card_requested", subject=asked, related=(agent,), now=now)
    _tell_approvers(asked, now=now)
    return asked


@one_transaction
def decide_request(
    *, request_id: int, level: str, is_approved: bool, reason: str, quota: int, actor: User, now: datetime
) -> CardRequest:
    """Say yes or no at a level; above the quota compliance has the next word. The agent is told of the last one.

    `level` is the one the person saw, so that a stale page decides nothing. RequestDecided, OwnRequest, NotAllowed,
    ReasonMissing for a rejection without one.
    """
    asked = _locked(request_id)
    if asked.state != RequestState.WAITING or asked.level != level:
        raise RequestDecided
    if asked.agent.user_id == actor.pk or asked.decisions.filter(by=actor).exists():
        raise OwnRequest
    if not actor.has_perm(RIGHTS[level]):
        raise NotAllowed
    if not is_approved and not reason.strip():
        raise ReasonMissing
    RequestDecision.objects.create(
        request=asked, level=level, is_approved=is_approved, reason=reason.strip(), by=actor, at=now
    )
    held = Assignment.objects.open().filter(agent=asked.agent).exclude(card=asked.replaces_id).count()
    following = next_level(level, count=asked.count, held=held, quota=quota) if is_approved else None
    asked.level = following or ""
    if not following:
        asked.state = RequestState.APPROVED if is_approved else RequestState.REJECTED
    asked.save(update_fields=["state", "level"])
    action = "agents.request_approved" if is_approved else "agents.request_rejected"
    data = {"level": str(level)}
    record(actor=actor, action=action, subject=asked, related=(asked.agent,), reason=reason, now=now, data=data)
    if following:
        _tell_approvers(asked, now=now)
    else:
        _tell_agent(asked, reason=reason, by=actor, now=now)
    return asked


@one_transaction
def withdraw_request(*, request_id: int, actor: User, now: datetime) -> CardRequest:
    """Take one's own request back before its cards are handed out."""
    asked = _locked(request_id)
    if asked.agent.user_id != actor.pk:
        raise NotVisible
    if asked.state not in (RequestState.WAITING, RequestState.APPROVED):
        raise RequestDecided
    asked.state, asked.level = RequestState.WITHDRAWN, ""
    asked.save(update_fields=["state", "level"])
    record(actor=actor, action="agents.request_withdrawn", subject=asked, related=(asked.agent,), now=now)
    return asked


def refuse_unapproved(*, request_id: int, agent_id: int, count: int) -> None:
    """Refuse a hand-out from a request that is not approved for this agent, or of more cards than were asked for."""
    asked = CardRequest.objects.filter(pk=request_id, agent=agent_id, state=RequestState.APPROVED).first()
    if asked is None:
        raise RequestNotApproved
    if count > asked.count:
        raise TooManyCards(message=_("More cards than were asked for. Hand out the others without the request."))


@one_transaction
def fulfil_request(*, request_id: int, receipt: Handover, now: datetime) -> None:
    """Note that the cards of a request were handed out, once; part of the hand-out of the first."""
    asked = _locked(request_id)
    if asked.state != RequestState.APPROVED or asked.agent_id != receipt.agent_id:
        raise RequestNotApproved
    asked.state, asked.handover = RequestState.HANDED_OUT, receipt
    asked.save(update_fields=["state", "handover"])


def _locked(request_id: int) -> CardRequest:
    asked = CardRequest.objects.select_related("agent__user__team").filter(pk=request_id).locked().first()
    if asked is None:
        raise NotVisible
    return asked


def _refuse_unusable(count: int, needed_until: date | None, now: datetime) -> None:
    if not 1 <= count <= MOST_CARDS:
        message = _("Ask for one card at least and fifty at most.")
        raise RequestNotUsable(reasons=[Reason(code="count", field="count", message=message, value=str(count))])
    if needed_until and needed_until < business_day(now):
        message = _("This day is over. Choose a later one, or none.")
        raise RequestNotUsable(reasons=[Reason(code="in_the_past", field="needed_until", message=message)])


def _refuse_swap(agent: Agent, replaces: Card | None, count: int) -> None:
    if replaces is None:
        return
    if count != 1 or not Assignment.objects.open().filter(agent=agent, card=replaces).exists():
        message = _("A swap is of one card that you hold.")
        raise RequestNotUsable(reasons=[Reason(code="swap", field="replaces", message=message)])


def _tell_approvers(asked: CardRequest, *, now: datetime) -> None:
    params = {"agent": str(asked.agent), "count": asked.count, "reason": asked.reason}
    tellings = [
        Telling(
            user=person,
            code=REQUESTED,
            params=params,
            key=f"request:{asked.pk}:{asked.level}",
            url=url_or_empty("agents:requests"),
            email=True,
        )
        for person in approvers(asked.agent, asked.level)
    ]
    tell_many(tellings=tellings, now=now)


def _tell_agent(asked: CardRequest, *, reason: str, by: User, now: datetime) -> None:
    is_approved = asked.state == RequestState.APPROVED
    params = {"count": asked.count, "by": str(by), "reason": reason}
    telling = Telling(
        user=asked.agent.user,
        code=REQUEST_APPROVED if is_approved else REQUEST_REJECTED,
        params=params,
        key=f"request:{asked.pk}:decided",
        url=url_or_empty("agents:my-requests"),
        email=True,
    )
    tell_many(tellings=[telling], now=now)

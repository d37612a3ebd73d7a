"""Saying yes or no to a top-up; never by who asked (R28)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from billing.choices import ApprovalRank, TopUpState
from billing.errors import OwnTopUp, TopUpMoved, TopUpReasonMissing
from billing.models import TopUpDecision, TopUpRequest
from billing.rules.top_ups import ahead, needed, speaks_for
from billing.selectors.top_ups import levels, rank_of
from billing.services.top_ups.asking import locked, related
from billing.services.top_ups.telling import tell_approved, tell_deciders, tell_refused
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotAllowed, Refusal
from cardfleet.kernel.transactions import one_transaction


@one_transaction
def decide_top_up(
    *, request_id: int, rank: str, is_approved: bool, reason: str, actor: User, now: datetime
) -> TopUpRequest:
    """Say yes or no at the level a top-up waits for, or at a higher one; large amounts then wait for the next.

    `rank` is the level the person saw, so that a stale page decides nothing. TopUpMoved, OwnTopUp, NotAllowed,
    TopUpReasonMissing.
    """
    asked = locked(request_id)
    if asked.state != TopUpState.ASKED or asked.rank != rank:
        raise TopUpMoved
    if asked.asked_by_id == actor.pk or asked.decisions.filter(by=actor).exists():
        raise OwnTopUp
    ranks = ahead(rank, needed(asked.amount, levels()))
    said = speaks_for(rank_of(actor), ranks)
    if said is None:
        raise NotAllowed
    if not is_approved and not reason.strip():
        raise TopUpReasonMissing
    TopUpDecision.objects.create(
        request=asked, rank=said, is_approved=is_approved, reason=reason.strip()[:200], by=actor, at=now
    )
    if is_approved:
        _approve(asked, missing=ranks[ranks.index(said) + 1 :], by=actor, now=now)
    else:
        _refuse(asked, reason=reason.strip()[:200], by=actor, now=now)
    action = "billing.top_up_approved" if is_approved else "billing.top_up_refused"
    data = {"level": str(said)}
    record(actor=actor, action=action, subject=asked, related=related(asked), reason=reason, now=now, data=data)
    return asked


@dataclass(frozen=True)
class DecidedMany:
    """Which of many top-ups a yes or no was said to, and why not to the others, by id."""

    done: Sequence[int]
    refused: Mapping[int, Refusal]


def decide_top_ups(
    *, seen: Mapping[int, str], is_approved: bool, reason: str, actor: User, now: datetime
) -> DecidedMany:
    """Say one yes or no to many top-ups, each by id with the level that was seen; each answers for itself."""
    done, refused = [], {}
    for pk, rank in sorted(seen.items()):
        try:
            with transaction.atomic():
                decide_top_up(request_id=pk, rank=rank, is_approved=is_approved, reason=reason, actor=actor, now=now)
        except Refusal as refusal:
            refused[pk] = refusal
        else:
            done.append(pk)
    return DecidedMany(done=done, refused=refused)


def _approve(asked: TopUpRequest, *, missing: Sequence[ApprovalRank], by: User, now: datetime) -> None:
    if missing:
        asked.rank = missing[0]
        asked.save(update_fields=["rank"])
        tell_deciders(asked, now=now)
        return
    asked.state, asked.rank, asked.approved_by, asked.approved_at = TopUpState.APPROVED, "", by, now
    asked.save(update_fields=["state", "rank", "approved_by", "approved_at"])
    tell_approved(asked, by=by, now=now)


def _refuse(asked: TopUpRequest, *, reason: str, by: User, now: datetime) -> None:
    asked.state, asked.rank, asked.ended_reason = TopUpState.REFUSED, "", reason
    asked.save(update_fields=["state", "rank", "ended_reason"])
    tell_refused(asked, by=by, now=now)

"""Claims as finance handles them: approved or refused, paid out together. Filed, approved, paid: three people (R67)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from billing.choices import ClaimState
from billing.errors.claims import ClaimMoved, ClaimNotUsable, NothingToPay, OwnClaim, PayerDecided
from billing.messages import CLAIM_APPROVED, CLAIM_PAID, CLAIM_REFUSED
from billing.models import Claim, PaymentBatch
from billing.rules.claims import reason_missing
from billing.rules.invoices import reason_of
from billing.selectors.claim_checks import CheckedClaim, check_claim
from billing.selectors.claim_terms import claim_terms
from billing.services.claims import free_invoices
from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, NotAllowed, NotVisible, Reason
from cardfleet.kernel.money import ZERO
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many

APPROVE, PAY = "billing.approve_claim", "billing.pay_claim"


@transaction.atomic
def approve_claim(*, claim_id: int, actor: User, now: datetime) -> Claim:
    """Approve a claim that was sent. OwnClaim; ClaimNotUsable where by now something does not fit any more."""
    claim = _to_decide(claim_id, actor, ClaimState.SUBMITTED)
    if faults := checked_as_sent(claim).blocking:
        raise ClaimNotUsable(reasons=[reason_of(check) for check in faults])
    _decide(claim, ClaimState.APPROVED, "", actor=actor, now=now)
    _tell(claim, CLAIM_APPROVED, {"amount": str(claim.payable), "by": str(actor)}, now=now)
    return claim


@transaction.atomic
def refuse_claim(*, claim_id: int, reason: str, actor: User, now: datetime) -> Claim:
    """Refuse a claim that is not paid yet, for a reason; its invoices may be brought again, corrected."""
    claim = _to_decide(claim_id, actor, ClaimState.SUBMITTED, ClaimState.APPROVED)
    if not reason.strip():
        raise BadInput(reasons=[reason_missing()])
    _decide(claim, ClaimState.REFUSED, reason.strip()[:200], actor=actor, now=now)
    free_invoices(claim)
    _tell(claim, CLAIM_REFUSED, {"by": str(actor), "reason": claim.reason}, now=now)
    return claim


@transaction.atomic
def put_draft_away(*, claim_id: int, reason: str, actor: User, now: datetime) -> Claim:
    """End the draft of somebody who left, for a reason: nobody else can send it or take it back (R76)."""
    claim = _to_decide(claim_id, actor, ClaimState.DRAFT)
    if not reason.strip():
        raise BadInput(reasons=[reason_missing()])
    claim.state, claim.reason = ClaimState.WITHDRAWN, reason.strip()[:200]
    claim.decided_by, claim.decided_at = actor, now
    claim.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    free_invoices(claim)
    action, related = "billing.claim_withdrawn", (claim.claimant,)
    record(actor=actor, action=action, subject=claim, related=related, reason=claim.reason, now=now)
    return claim


@transaction.atomic
def pay_claims(*, claim_ids: Collection[int], reference: str, actor: User, now: datetime) -> PaymentBatch:
    """Record that approved claims were paid out at once, by who neither filed nor approved any of them.

    Nothing is posted into the ledger: what a card cost is there by its charges. NothingToPay, ClaimMoved, PayerDecided.
    """
    if not actor.has_perm(PAY):
        raise NotAllowed
    if not claim_ids or not reference.strip():
        raise NothingToPay
    claims = list(Claim.objects.visible_to(actor).filter(pk__in=claim_ids).select_related("claimant__user").locked())
    if len(claims) != len(set(claim_ids)) or any(claim.state != ClaimState.APPROVED for claim in claims):
        raise ClaimMoved
    if mine := [claim for claim in claims if actor.pk in (claim.filed_by_id, claim.decided_by_id)]:
        raise PayerDecided(reasons=[Reason(code="own", message=str(claim), value=str(claim.pk)) for claim in mine])
    batch = PaymentBatch.objects.create(
        reference=reference.strip()[:80],
        count=len(claims),
        amount=sum((claim.payable for claim in claims), ZERO),
        paid_by=actor,
        paid_at=now,
    )
    for claim in claims:
        claim.state, claim.batch, claim.paid_by = ClaimState.PAID, batch, actor
        claim.payee = str(claim.claimant)[:80]
    Claim.objects.bulk_update(claims, ["state", "batch", "paid_by", "payee"])
    record(actor=actor, action="billing.payment_made", subject=batch, now=now, data={"count": len(claims)})
    deeds = [
        Deed(
            action="billing.claim_paid",
            subject=claim,
            related=(batch, claim.claimant),
            data={"amount": str(claim.payable)},
        )
        for claim in claims
    ]
    record_many(deeds, actor=actor, now=now)
    tell_many(tellings=[_paid(claim, batch) for claim in claims], now=now)
    return batch


@transaction.atomic
def export_payment(*, batch: PaymentBatch, actor: User, now: datetime) -> Sequence[tuple[str, str, Decimal, str]]:
    """Return the rows of a payment (staff number, person, CNY, reference) and write down who took them out.

    No bank account stands there: CardFleet keeps none.
    """
    if not actor.has_perm(PAY):
        raise NotAllowed
    claims = batch.claims.select_related("claimant__user").order_by("pk")
    rows = [
        (claim.claimant.user.staff_no or "", claim.payee, claim.payable, f"{batch.reference} / {claim.pk}")
        for claim in claims
    ]
    record(actor=actor, action="billing.payment_exported", subject=batch, now=now, data={"count": len(rows)})
    return rows


def checked_as_sent(claim: Claim) -> CheckedClaim:
    """Look at a claim as of the day it was sent, with the cap of then: waiting makes nothing late."""
    sent = business_day(claim.submitted_at or claim.made_at)
    return check_claim(claim, terms=claim_terms(claim.claimant), left=claim.cap, today=sent)


def _to_decide(claim_id: int, actor: User, *states: str) -> Claim:
    if not actor.has_perm(APPROVE):
        raise NotAllowed
    claim = Claim.objects.visible_to(actor).filter(pk=claim_id).select_related("claimant__user__team").locked().first()
    if claim is None:
        raise NotVisible
    if actor.pk in (claim.filed_by_id, claim.claimant.user_id):
        raise OwnClaim
    if claim.state not in states:
        raise ClaimMoved
    return claim


def _decide(claim: Claim, state: ClaimState, reason: str, *, actor: User, now: datetime) -> None:
    claim.state, claim.reason, claim.decided_by, claim.decided_at = state, reason, actor, now
    claim.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    action = "billing.claim_approved" if state == ClaimState.APPROVED else "billing.claim_refused"
    record(actor=actor, action=action, subject=claim, related=(claim.claimant,), reason=reason, now=now)


def _tell(claim: Claim, code: str, params: dict[str, str], *, now: datetime) -> None:
    telling = Telling(
        user=claim.claimant.user,
        code=code,
        params={"month": f"{claim.month:%Y-%m}", **params},
        key=f"claim:{claim.pk}:{code}:{now:%Y%m%d%H%M%S}",
        url=url_or_empty("billing:claim", claim.pk),
        email=True,
    )
    tell_many(tellings=[telling], now=now)


def _paid(claim: Claim, batch: PaymentBatch) -> Telling:
    params = {"month": f"{claim.month:%Y-%m}", "amount": str(claim.payable), "reference": batch.reference}
    url = url_or_empty("billing:claim", claim.pk)
    return Telling(
        user=claim.claimant.user, code=CLAIM_PAID, params=params, key=f"claim:{claim.pk}:paid", url=url, email=True
    )

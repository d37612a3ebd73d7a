"""Asking for a top-up, and taking one back (R6, R28)."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.choices import HERE_STATES, TopUpState
from billing.errors import TopUpMoved, TopUpNotUsable, TopUpOpen, TopUpReasonMissing, TopUpUnusual
from billing.models import Account, AccountCard, TopUpRequest
from billing.rules.top_ups import Doubt, doubt, needed
from billing.selectors.top_ups import levels, usual_amounts
from billing.services import ledger
from billing.services.accounts import open_accounts
from billing.services.top_ups.telling import tell_deciders
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotAllowed, NotVisible, Reason
from cardfleet.kernel.money import ZERO, to_fen
from cardfleet.kernel.transactions import one_transaction
from cards.choices import ENDED
from cards.models import Card

BEFORE_PAYMENT = (TopUpState.ASKED, TopUpState.APPROVED)
PAID_STATES = (TopUpState.PAID, *HERE_STATES)


@one_transaction
def ask_top_up(
    *, card: Card, amount: Decimal, reason: str, actor: User, now: datetime, is_sure: bool = False
) -> TopUpRequest:
    """Ask that CNY be paid in for a card; who decides first is told.

    Amounts that may be a slipped dot need `is_sure` (TopUpUnusual). TopUpNotUsable, TopUpOpen.
    """
    account = paying_account(card, actor=actor, now=now)
    amount = _checked(card, amount)
    if not is_sure:
        refuse_doubtful(amount, usual=usual_amounts([card.pk], now=now).get(card.pk))
    if TopUpRequest.objects.filter(account=account, card=card, state__in=BEFORE_PAYMENT).exists():
        raise TopUpOpen
    asked = TopUpRequest.objects.create(
        account=account,
        card=card,
        amount=amount,
        reason=reason.strip(),
        rank=needed(amount, levels())[0],
        asked_at=now,
        asked_by=actor,
    )
    data = {"amount": str(amount)}
    record(
        actor=actor, action="billing.top_up_asked", subject=asked, related=(card,), reason=reason, now=now, data=data
    )
    tell_deciders(asked, now=now)
    return asked


@one_transaction
def withdraw_top_up(*, request_id: int, reason: str, actor: User, now: datetime) -> TopUpRequest:
    """Take a top-up back: one's own until it is paid, or, by who pays, one that came back or was recorded wrongly.

    What was posted is reversed. NotAllowed, TopUpMoved, TopUpReasonMissing for one that was paid.
    """
    asked = locked(request_id)
    if asked.state not in (*BEFORE_PAYMENT, *PAID_STATES):
        raise TopUpMoved
    is_own = asked.asked_by_id == actor.pk and asked.state in BEFORE_PAYMENT
    if not is_own and not actor.has_perm("billing.pay_top_up"):
        raise NotAllowed
    if not is_own and not reason.strip():
        raise TopUpReasonMissing
    return take_back(asked, reason=reason, actor=actor, now=now)


@one_transaction
def take_back(asked: TopUpRequest, *, reason: str, actor: User | None, now: datetime) -> TopUpRequest:
    """End a top-up that is locked; what was posted is reversed, unless it was already."""
    if asked.entry and not hasattr(asked.entry, "reversed_by"):
        ledger.reverse(entry=asked.entry, note=reason, actor=actor, now=now)
    asked.state, asked.rank, asked.ended_reason = TopUpState.WITHDRAWN, "", reason.strip()[:200]
    asked.save(update_fields=["state", "rank", "ended_reason"])
    action, why = "billing.top_up_withdrawn", asked.ended_reason
    record(actor=actor, action=action, subject=asked, related=related(asked), reason=why, now=now)
    return asked


def refuse_doubtful(amount: Decimal, *, usual: Decimal | None) -> None:
    """Ask whether an amount is a slipped dot (TopUpUnusual), saying what it is measured by."""
    why = doubt(amount, usual=usual)
    if why is None:
        return
    if why is Doubt.ABOVE_USUAL:
        message = _("%(amount)s yuan is more than ten times the usual %(usual)s yuan of this card.")
        message %= {"amount": amount, "usual": usual}
    else:
        message = _("%(amount)s yuan is very much for one card.") % {"amount": amount}
    raise TopUpUnusual(reasons=[Reason(code=why, field="amount", message=message, value=str(amount))])


def paying_account(card: Card, *, actor: User | None, now: datetime) -> Account:
    """Return the account that pays for a card; one of its own is opened where there is none."""
    open_accounts(card_ids=[card.pk], actor=actor, now=now)
    return AccountCard.objects.current().select_related("account").get(card=card).account


def locked(request_id: int) -> TopUpRequest:
    """Lock a top-up and return it. NotVisible."""
    known = TopUpRequest.objects.select_related("account", "card__team", "asked_by", "entry")
    asked = known.filter(pk=request_id).select_for_update(of=("self",)).first()
    if asked is None:
        raise NotVisible
    return asked


def related(asked: TopUpRequest) -> tuple[Card | Account, ...]:
    """Return what a deed on a top-up is also about."""
    return (asked.card,) if asked.card else (asked.account,)


def _checked(card: Card, amount: Decimal) -> Decimal:
    amount = to_fen(amount)
    if card.service_state in ENDED:
        message = _("This number was given up: money would be lost. Look at the card.")
        raise TopUpNotUsable(reasons=[Reason(code="card_ended", field="card", message=message)])
    if amount <= ZERO or amount > ledger.LARGEST:
        message = _("Enter an amount above zero.")
        raise TopUpNotUsable(reasons=[Reason(code="amount", field="amount", message=message, value=str(amount))])
    return amount

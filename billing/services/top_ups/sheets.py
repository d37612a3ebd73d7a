"""Many top-ups from a file: looked at first, then each done for itself (R28)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.importers.top_ups import TopUpLine
from billing.rules.top_ups import Doubt, doubt
from billing.selectors.top_ups import usual_amounts
from billing.services.top_ups.asking import ask_top_up, paying_account, refuse_doubtful
from billing.services.top_ups.paying import record_top_up
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotAllowed, Reason, Refusal
from cardfleet.kernel.money import ZERO
from cards.models import Card

ASK, RECORD = "ask", "record"
RECORD_RIGHT = "billing.pay_top_up"


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row with its card, what is usual for it (CNY), and what became of it; `fault` says why nothing did."""

    line: int
    card: Card | None
    amount: Decimal
    reference: str
    reason: str
    usual: Decimal | None = None
    doubt: Doubt | None = None
    fault: Reason | None = None
    request_id: int | None = None


def look_at(lines: Sequence[TopUpLine], *, actor: User, now: datetime) -> list[SheetRow]:
    """Return the rows with their cards in the actor's scope, doubtful and unusable ones marked. Two queries."""
    numbers = Counter(line.msisdn for line in lines if line.msisdn)
    cards = {card.msisdn: card for card in Card.objects.visible_to(actor).live().filter(msisdn__in=numbers)}
    usual = usual_amounts([card.pk for card in cards.values()], now=now)
    return [_row(line, cards.get(line.msisdn), usual, is_twice=numbers[line.msisdn] > 1) for line in lines]


def carry_out(
    rows: Sequence[SheetRow], *, what: str, sure: Collection[int], key: str, actor: User, now: datetime
) -> list[SheetRow]:
    """Ask for each row's top-up, or record it as paid and arrived; return the rows with what became of each.

    `sure` are the lines whose doubtful amount somebody confirmed, `key` names the file, so that it counts once.
    """
    if what == RECORD and not actor.has_perm(RECORD_RIGHT):
        raise NotAllowed
    return [_done(row, what=what, is_sure=row.line in sure, key=key, actor=actor, now=now) for row in rows]


def _row(line: TopUpLine, card: Card | None, usual: dict[int, Decimal], *, is_twice: bool) -> SheetRow:
    fault = line.fault
    if fault is None and card is None:
        message = _("No card in your scope has this number now.")
        fault = Reason(code="unknown_card", message=message, line=line.line)
    elif fault is None and is_twice:
        fault = Reason(code="twice", message=_("This number stands twice in the file."), line=line.line)
    elif fault is None and line.amount <= ZERO:
        fault = Reason(code="amount", message=_("Enter an amount above zero."), line=line.line)
    known = usual.get(card.pk) if card else None
    return SheetRow(
        line=line.line,
        card=card,
        amount=line.amount,
        reference=line.reference,
        reason=line.reason,
        usual=known,
        doubt=None if fault else doubt(line.amount, usual=known),
        fault=fault,
    )


def _done(row: SheetRow, *, what: str, is_sure: bool, key: str, actor: User, now: datetime) -> SheetRow:
    if row.fault or row.card is None:
        return row
    try:
        with transaction.atomic():
            pk = _carry_out(row, row.card, what=what, is_sure=is_sure, key=key, actor=actor, now=now)
    except Refusal as refusal:
        why = refusal.reasons[0].message if refusal.reasons else str(refusal)
        return replace(row, fault=Reason(code=refusal.code, message=why, line=row.line))
    return replace(row, request_id=pk)


def _carry_out(row: SheetRow, card: Card, *, what: str, is_sure: bool, key: str, actor: User, now: datetime) -> int:
    if what == ASK:
        return ask_top_up(card=card, amount=row.amount, reason=row.reason, is_sure=is_sure, actor=actor, now=now).pk
    if not is_sure:
        refuse_doubtful(row.amount, usual=row.usual)
    account = paying_account(card, actor=actor, now=now)
    recorded = record_top_up(
        account=account,
        card=card,
        amount=row.amount,
        key=f"file:{key}:{card.pk}",
        reference=row.reference,
        note=row.reason,
        actor=actor,
        now=now,
    )
    return recorded.pk

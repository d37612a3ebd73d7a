"""Money that steps of cases tell of: posted once a step, taken back where the step is put right (R15, R45, R91)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from billing.models import AccountCard, LedgerEntry, TopUpRequest
from billing.services import ledger
from billing.services.accounts import open_accounts
from billing.services.top_ups.asking import locked, take_back
from cardfleet.accounts.models import User
from lifecycle.choices import PaidFrom
from lifecycle.models import CaseStep

PARTS = ("paid", "charged", "refunded")


def key_of(step: CaseStep, part: str) -> str:
    """Return the key under which a step posts a part of its money, once however often it is asked."""
    return f"case:{step.case_id}:{step.pk}:{part}"


@transaction.atomic
def take_back_money(*, step: CaseStep, actor: User | None, now: datetime) -> int:
    """Reverse what was posted by the row that a step was put right of, and return how many entries that were."""
    if step.instead_of is None:
        return 0
    keys = [key_of(step.instead_of, part) for part in PARTS]
    wrong = LedgerEntry.objects.filter(key__in=keys, reversed_by__isnull=True).order_by("pk")
    recorded = dict(TopUpRequest.objects.filter(entry__in=wrong).values_list("entry", "pk"))
    for entry in wrong:
        if entry.pk in recorded:
            take_back(locked(recorded[entry.pk]), reason=step.why_again, actor=actor, now=now)
        else:
            ledger.reverse(entry=entry, note=step.why_again, actor=actor, now=now)
    return len(wrong)


@transaction.atomic
def post_fee(
    *,
    step: CaseStep,
    amount: Decimal | None,
    paid_from: str,
    at: datetime,
    actor: User | None,
    now: datetime,
    reference: str = "",
) -> list[int]:
    """Post a fee the carrier took for the card of a step, and return the entries' ids; none without a fee.

    `amount` is CNY, above zero. A fee paid beside the balance (PaidFrom.BESIDE) is money in and a charge at once.
    """
    take_back_money(step=step, actor=actor, now=now)
    if not amount:
        return []
    card_id = step.case.card_id
    open_accounts(card_ids=[card_id], actor=actor, now=now)
    member = AccountCard.objects.current().select_related("account", "card").get(card=card_id)
    about: dict[str, Any] = {
        "account": member.account,
        "card": member.card,
        "amount": amount,
        "at": at,
        "actor": actor,
        "now": now,
        "is_late": True,
    }
    entries = []
    if paid_from == PaidFrom.BESIDE:
        entries.append(ledger.top_up(**about, key=key_of(step, "paid"), reference=reference))
    entries.append(ledger.charge(**about, key=key_of(step, "charged"), reference=reference))
    return [entry.pk for entry in entries]

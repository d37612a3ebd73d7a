"""Cases that dates bring about: validity that ends, silence that a carrier ends (R15, R95, R100, R102, R109)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cards.choices import StopReason
from lifecycle.choices import CaseKind, CaseOutcome, CaseSource
from lifecycle.selectors.cases.idle import silent_cards, used_again
from lifecycle.selectors.cases.renewals import cards_to_renew
from lifecycle.services.cases.closing import close_case
from lifecycle.services.cases.opening import open_cases


@dataclass(frozen=True, kw_only=True)
class FutureOutcome:
    """How many cases were opened, and how many closed because the card was used."""

    renewals: int
    idle: int
    used: int

    def counts(self) -> dict[str, int]:
        """Return it as counts."""
        return {"renewals": self.renewals, "idle": self.idle, "used": self.used}


@transaction.atomic
def look_ahead(*, today: date, now: datetime) -> FutureOutcome:
    """Close idle cases whose cards are used again; open renewals and idle cases that are due.

    Twice or late makes no difference: a card of which something is, or was, decided for the same end is left alone.
    Validity goes before idleness, for one decision settles both.
    """
    used = _close_used(now)
    renewals = _open(CaseKind.RENEWAL, StopReason.EXPIRED, cards_to_renew(today=today), now)
    silent = [one.card_id for one in silent_cards(today=today)]
    return FutureOutcome(renewals=renewals, idle=_open(CaseKind.IDLE, StopReason.IDLE, silent, now), used=used)


def _close_used(now: datetime) -> int:
    used = used_again(now=now)
    for case_id in used:
        close_case(case_id=case_id, outcome=CaseOutcome.KEPT, actor=None, now=now)
    return len(used)


def _open(kind: str, reason: str, card_ids: Sequence[int], now: datetime) -> int:
    if not card_ids:
        return 0
    opened = open_cases(card_ids=card_ids, kind=kind, reason=reason, source=CaseSource.SYSTEM, actor=None, now=now)
    return len(opened.cases)

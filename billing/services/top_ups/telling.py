"""Who is told what of a top-up."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from billing.messages import (
    TOP_UP_APPROVED,
    TOP_UP_ARRIVED,
    TOP_UP_ASKED,
    TOP_UP_REFUSED,
    TOP_UP_RISKY,
    TOP_UP_TO_PAY,
)
from billing.models import TopUpRequest
from billing.selectors.top_ups import deciders
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many


def tell_deciders(asked: TopUpRequest, *, now: datetime) -> None:
    """Tell who has the next word."""
    tell(asked, TOP_UP_ASKED, deciders(asked), now=now, step=f"asked:{asked.rank}", by=str(asked.asked_by))


def tell_approved(asked: TopUpRequest, *, by: User, now: datetime) -> None:
    """Tell who pays, and who asked."""
    payers = User.objects.with_right("billing.pay_top_up").exclude(pk=asked.asked_by_id or 0)
    tell(asked, TOP_UP_TO_PAY, payers, now=now, step="to-pay", by=str(by))
    tell(asked, TOP_UP_APPROVED, _asker(asked), now=now, step="approved", by=str(by))


def tell_refused(asked: TopUpRequest, *, by: User, now: datetime) -> None:
    """Tell who asked, with the reason."""
    tell(asked, TOP_UP_REFUSED, _asker(asked), now=now, step="refused", by=str(by), reason=asked.ended_reason)


def tell_arrived(asked: TopUpRequest, *, now: datetime) -> None:
    """Tell who asked."""
    tell(asked, TOP_UP_ARRIVED, _asker(asked), now=now, step="arrived")


def tell_risky(asked: TopUpRequest, *, by: User | None, now: datetime) -> None:
    """Tell compliance of a discounted or slow top-up."""
    people = User.objects.active().filter(groups__name=Role.COMPLIANCE)
    step = f"risky:{asked.risk}"
    tell(asked, TOP_UP_RISKY, people, now=now, step=step, by=str(by or ""), reason=asked.risk_reason)


def tell(asked: TopUpRequest, code: str, people: Iterable[User], *, now: datetime, step: str, **params: Any) -> None:
    """Tell people one thing of a top-up, once a step."""
    shown = {"amount": f"{asked.amount:f}", "card": str(asked.card or asked.account), "reason": asked.reason, **params}
    tellings = [
        Telling(
            user=person,
            code=code,
            params=shown,
            key=f"top-up:{asked.pk}:{step}",
            url=url_or_empty("billing:top-up", asked.pk),
            email=True,
        )
        for person in people
    ]
    tell_many(tellings=tellings, now=now)


def _asker(asked: TopUpRequest) -> list[User]:
    return [asked.asked_by] if asked.asked_by else []

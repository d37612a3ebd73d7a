"""Destroying plastic: custody, secrets (R17, R92)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from cardfleet.accounts.models import User
from cards.choices import CustodyState
from cards.models import Card
from cards.services.custody import change_custody
from cards.services.secrets import void_secrets
from lifecycle.errors import StepRefused
from lifecycle.rules.destruction import not_ready
from lifecycle.selectors.destruction import plastic_of


@dataclass(frozen=True, kw_only=True)
class Destroyed:
    """What was done: the replaced SIM it was (None: the card itself), and the names of the secrets erased."""

    voided_sim: int | None
    erased: list[str]


@transaction.atomic
def destroy(*, card: Card, note: str, at: datetime, actor: User | None, now: datetime) -> Destroyed:
    """Record that plastic is destroyed and erase what is stored of its codes. StepRefused, ChangeRefused.

    Of a number that lives on a new SIM it is the old plastic: the card, and the new SIM's codes, stay.
    """
    plastic = plastic_of(card)
    if unmet := list(not_ready(plastic)):
        raise StepRefused(reasons=unmet)
    if plastic.voided_sim is not None:
        return Destroyed(voided_sim=plastic.voided_sim, erased=[])
    change_custody(
        card=card,
        to=CustodyState.DESTROYED,
        holder=None,
        team=card.team,
        actor=actor,
        now=now,
        at=at,
        note=note,
    )
    reason = gettext("The card was destroyed.")
    return Destroyed(voided_sim=None, erased=void_secrets(card_id=card.pk, reason=reason, actor=actor, now=now))

"""Putting cards into phones from where the rules are seen that count it (R26, R33, R80, R88)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotVisible, Reason
from cardfleet.kernel.transactions import one_transaction
from cards.choices import RuleAction
from cards.models import Card, Device, DeviceUse
from cards.querysets import CardQuerySet, DeviceQuerySet
from cards.services.device_cards import put_card_in
from lifecycle.errors import RebindingRefused
from lifecycle.rules.findings import Finding
from lifecycle.rules.texts import render
from lifecycle.selectors.devices import fit_of
from lifecycle.selectors.rebinding import next_change
from lifecycle.services.assessment import assess_suspension_risk


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A card that was put into a device, and what does not fit between them."""

    card: Card
    device: Device
    warnings: Sequence[Reason]


@one_transaction
def bind_card(
    *,
    card_id: int,
    device_id: int,
    actor: User | None,
    now: datetime,
    note: str = "",
    cards: CardQuerySet | None = None,
    devices: DeviceQuerySet | None = None,
) -> Bound:
    """Put a card into a device, or from one into another, unless a rule on changes of phone forbids it.

    Over a limit that asks for approval the change waits for a decision (`lifecycle.services.approvals`), and each
    decision allows one change. `cards` and `devices` are those that may be named: others are NotVisible. DeviceRefused
    as `cards.services.device_cards.put_card_in`.
    """
    card = (Card.objects.all() if cards is None else cards).filter(pk=card_id).locked().first()
    device = (Device.objects.all() if devices is None else devices).filter(pk=device_id).first()
    if card is None or device is None:
        raise NotVisible
    if reasons := [_reason(finding) for finding in next_change(card, now=now, imei=device.imei).forbidding]:
        raise RebindingRefused(reasons=reasons)
    card = put_card_in(card_id=card.pk, device_id=device.pk, actor=actor, now=now, note=note)
    assess_suspension_risk(now=now, card_ids=[card.pk])
    return Bound(card=card, device=device, warnings=fit_of(card, device))


@one_transaction
def swap_device(
    *,
    device_id: int,
    by_id: int,
    actor: User | None,
    now: datetime,
    note: str = "",
    devices: DeviceQuerySet | None = None,
) -> list[Bound]:
    """Put all cards of a device into another one, all or none; errors as `bind_card` of each."""
    device = (Device.objects.all() if devices is None else devices).filter(pk=device_id).first()
    if device is None:
        raise NotVisible
    inside = DeviceUse.objects.filter(imei__in=device.imeis, until=None).order_by("card").values_list("card", flat=True)
    return [
        bind_card(card_id=card_id, device_id=by_id, actor=actor, now=now, note=note, devices=devices)
        for card_id in list(inside)
    ]


def _reason(finding: Finding) -> Reason:
    clears = (
        _("Compliance or an administrator decides on the card's page whether it may be changed once more.")
        if finding.action == RuleAction.NEED_APPROVAL
        else _("Leave the card in its phone until the count has fallen.")
    )
    return Reason(code=finding.kind, message=render(finding.code, finding.params), clears=clears)

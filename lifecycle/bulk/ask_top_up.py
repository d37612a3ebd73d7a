"""Asking that many cards be topped up (R6, R28)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import TopUpRequest
from billing.selectors.top_ups import suggested_amounts
from billing.services.ledger import LARGEST
from billing.services.top_ups.asking import ask_top_up, withdraw_top_up
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from lifecycle.bulk.registry import Asked, BulkAction, BulkForm, Outcomes, one_by_one, register


class AskTopUpForm(BulkForm):
    """How much for each card; nothing for what each needs."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount a card (CNY)"),
        min_value=Decimal("0.01"),
        max_value=LARGEST,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Empty: for each card what lets its money last for thirty days."),
    )
    reason = forms.CharField(label=gettext_lazy("What for"), required=False, max_length=200)
    sure = forms.BooleanField(label=gettext_lazy("Large amounts are meant so"), required=False)


def ask_for_cards(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Ask for each card's top-up; cards whose money lasts are left out where no amount is given."""
    amount = asked.given["amount"]
    advised = {} if amount else suggested_amounts(card_ids, today=business_day(asked.now))
    cards = asked.cards.in_bulk(card_ids)
    needy = [card_id for card_id in card_ids if amount or advised.get(card_id)]

    def ask(card_id: int) -> dict[str, Any]:
        made = ask_top_up(
            card=cards[card_id],
            amount=amount or advised[card_id],
            reason=asked.given["reason"],
            is_sure=asked.given["sure"],
            actor=asked.actor,
            now=asked.now,
        )
        return {"request": made.pk}

    outcomes = one_by_one(needy, ask)
    message = _("The money lasts for thirty days, or no account is known. Give an amount if it is needed still.")
    outcomes.refuse_all([pk for pk in card_ids if pk not in needy], Reason(code="lasts", message=message))
    return outcomes


def take_back_asked(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Take back what the job asked for, where it is not paid."""
    known = TopUpRequest.objects.in_bulk([one["request"] for one in left.values()])

    def take_back(card_id: int) -> dict[str, Any]:
        pk = known[left[card_id]["request"]].pk
        withdraw_top_up(request_id=pk, reason=_("Bulk job undone"), actor=asked.actor, now=asked.now)
        return {}

    return one_by_one(list(left), take_back)


register(
    BulkAction(
        name="ask_top_up",
        label=gettext_lazy("Ask for top-ups"),
        icon="coin-yuan",
        right="billing.ask_top_up",
        form=AskTopUpForm,
        perform=ask_for_cards,
        undo=take_back_asked,
        order=59,
        note=gettext_lazy("Somebody else approves each of them; nothing is paid by CardFleet."),
    )
)

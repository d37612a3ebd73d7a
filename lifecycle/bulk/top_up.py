"""Recording that many cards were topped up (R28)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import AccountCard, TopUpRequest
from billing.services.ledger import LARGEST
from billing.services.top_ups.asking import withdraw_top_up
from billing.services.top_ups.paying import record_top_up
from cardfleet.kernel.errors import Reason
from lifecycle.bulk.registry import Asked, BulkAction, BulkForm, Outcomes, one_by_one, register


class TopUpForm(BulkForm):
    """What was paid in for each card."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount a card (CNY)"), min_value=Decimal("0.01"), max_value=LARGEST, decimal_places=2
    )
    reference = forms.CharField(label=gettext_lazy("Reference"), required=False, max_length=120)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)


def top_cards_up(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Post the amount for each card on the account that pays for it; a key makes each entry exist once."""
    paid_by = AccountCard.objects.current().filter(card__in=card_ids).select_related("account", "card")
    members = {member.card_id: member for member in paid_by}

    def post_one(card_id: int) -> dict[str, Any]:
        member = members[card_id]
        recorded = record_top_up(
            account=member.account,
            card=member.card,
            actor=asked.actor,
            now=asked.now,
            key=f"bulk:{asked.job.pk}:{card_id}",
            **asked.given,
        )
        return {"entry": recorded.entry_id}

    outcomes = one_by_one([card_id for card_id in card_ids if card_id in members], post_one)
    message = _("No account pays for this card yet. Import its balance first.")
    outcomes.refuse_all(
        [card_id for card_id in card_ids if card_id not in members], Reason(code="account", message=message)
    )
    return outcomes


def reverse_top_ups(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Take each top-up back that was not taken back since; its entry is reversed."""
    recorded = TopUpRequest.objects.filter(entry__in=[one["entry"] for one in left.values()])
    by_entry = {one.entry_id: one.pk for one in recorded}

    def reverse_one(card_id: int) -> dict[str, Any]:
        pk = by_entry[left[card_id]["entry"]]
        withdraw_top_up(request_id=pk, reason=_("Bulk job undone"), actor=asked.actor, now=asked.now)
        return {}

    return one_by_one(list(left), reverse_one)


register(
    BulkAction(
        name="top_up",
        label=gettext_lazy("Record top-ups"),
        icon="coin",
        right="billing.post_entry",
        form=TopUpForm,
        perform=top_cards_up,
        undo=reverse_top_ups,
        order=60,
        note=gettext_lazy("The amount is posted once for each card, on the account that pays for it."),
    )
)

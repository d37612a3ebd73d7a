"""Recording that many cards were topped up (R28)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import AccountCard, LedgerEntry
from billing.services.ledger import LARGEST, reverse, top_up
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
        entry = top_up(
            account=member.account,
            card=member.card,
            actor=asked.actor,
            now=asked.now,
            key=f"bulk:{asked.job.pk}:{card_id}",
            **asked.given,
        )
        return {"entry": entry.pk}

    outcomes = one_by_one([card_id for card_id in card_ids if card_id in members], post_one)
    message = _("No account pays for this card yet. Import its balance first.")
    outcomes.refuse_all(
        [card_id for card_id in card_ids if card_id not in members], Reason(code="account", message=message)
    )
    return outcomes


def reverse_top_ups(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Reverse each entry that was not reversed since."""
    entries = LedgerEntry.objects.in_bulk([one["entry"] for one in left.values()])

    def reverse_one(card_id: int) -> dict[str, Any]:
        entry = entries[left[card_id]["entry"]]
        reverse(entry=entry, note=_("Bulk job undone"), actor=asked.actor, now=asked.now)
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

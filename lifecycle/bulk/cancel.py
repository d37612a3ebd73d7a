"""Opening the cancellation of many numbers after a business change (R16, R116)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.choices import StopReason
from cards.rules.transitions import GIVEN_UP
from lifecycle.bulk.registry import SET_BASED, Asked, BulkAction, BulkForm, Outcomes, one_by_one, register
from lifecycle.choices import CaseKind, CaseOutcome
from lifecycle.rules.cancelling import protected
from lifecycle.services.cases import close_case, open_cases


class CancelForm(BulkForm):
    """Why the numbers are given up."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[(reason.value, reason.label) for reason in StopReason if reason in GIVEN_UP],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def cancel_cards(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Open a cancellation on each card; numbers on which customers rely are left out."""
    cards = dict(asked.cards.filter(pk__in=card_ids).values_list("pk", "is_customer_facing"))
    outcomes = Outcomes()
    for card_id, is_customer_facing in cards.items():
        for reason in protected(is_customer_facing=is_customer_facing):
            outcomes.refused[card_id] = reason
    opened = open_cases(
        card_ids=[card_id for card_id in cards if card_id not in outcomes.refused],
        kind=CaseKind.CANCELLATION,
        reason=asked.given["reason"],
        note=asked.given["note"],
        actor=asked.actor,
        now=asked.now,
    )
    outcomes.done.update({case.card_id: {"case": case.pk} for case in opened.cases})
    outcomes.refused.update({card_id: reasons[0] for card_id, reasons in opened.refused.items()})
    return outcomes


def withdraw(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Withdraw the cancellations the job opened that did not end since; the cards are what they were."""

    def withdraw_one(card_id: int) -> dict[str, Any]:
        close_case(
            case_id=left[card_id]["case"],
            outcome=CaseOutcome.WITHDRAWN,
            note=_("Bulk job undone"),
            actor=asked.actor,
            now=asked.now,
        )
        return {}

    return one_by_one(list(left), withdraw_one)


register(
    BulkAction(
        name="cancel",
        label=gettext_lazy("Cancel the numbers"),
        icon="circle-x",
        right="lifecycle.open_case",
        form=CancelForm,
        perform=cancel_cards,
        undo=withdraw,
        at_once=SET_BASED,
        order=90,
        is_grave=True,
        note=gettext_lazy(
            "A cancellation is opened on each card. Numbers on which customers rely are left out; nothing is sent to "
            "the carrier before each case says so."
        ),
    )
)

"""Recording that cards are being cancelled with their carrier (R45; domain.md section 4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.choices import Axis, ChangeSource, ServiceState, StopReason
from cards.models import CardChange
from cards.rules.transitions import GIVEN_UP
from cards.services.states import StateReport, StatesOutcome
from lifecycle.bulk.registry import SET_BASED, Asked, BulkAction, BulkForm, Outcomes, changed_since, register
from lifecycle.services.states import record_states


class CancelForm(BulkForm):
    """Why the cards are given up."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[(reason.value, reason.label) for reason in StopReason if reason in GIVEN_UP],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def cancel_cards(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Record that the cards are being cancelled, where the states allow it."""
    before = dict(asked.cards.filter(pk__in=card_ids).values_list("pk", "stop_reason"))
    reports = [
        StateReport(
            card_id=card_id,
            to=ServiceState.CANCEL_PENDING,
            at=asked.now,
            reason=asked.given["reason"],
            note=asked.given["note"],
        )
        for card_id in card_ids
    ]
    found = record_states(reports=reports, source=ChangeSource.PERSON, actor=asked.actor, now=asked.now)
    outcomes = _told(found)
    for change in found.changes:
        if change.from_state != change.to_state:
            left = {"change": change.pk, "from": change.from_state, "reason": before[change.card_id]}
            outcomes.done[change.card_id] = left
    return outcomes


def withdraw(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Record that the cancellation is withdrawn of cards that nothing happened to since; they are what they were."""
    last = CardChange.objects.standing().filter(card__in=left, axis=Axis.SERVICE).order_by("card_id", "-pk")
    latest = dict(last.distinct("card_id").values_list("card_id", "pk"))
    reports = [
        StateReport(card_id=card_id, to=one["from"], at=asked.now, reason=one["reason"], note=_("Bulk job undone"))
        for card_id, one in left.items()
        if latest.get(card_id) == one["change"]
    ]
    found = record_states(reports=reports, source=ChangeSource.PERSON, actor=asked.actor, now=asked.now)
    outcomes = _told(found)
    known = {report.card_id for report in reports}
    outcomes.refuse_all([card_id for card_id in left if card_id not in known], changed_since())
    return outcomes


def _told(found: StatesOutcome) -> Outcomes:
    done = [change.card_id for change in found.changes] + [report.card_id for report in found.unchanged]
    return Outcomes(
        done={card_id: {} for card_id in done}, refused={report.card_id: why for report, why in found.refused}
    )


register(
    BulkAction(
        name="cancel",
        label=gettext_lazy("Cancel with the carrier"),
        icon="circle-x",
        right="cards.change_service_state",
        form=CancelForm,
        perform=cancel_cards,
        undo=withdraw,
        at_once=SET_BASED,
        order=90,
        is_grave=True,
        note=gettext_lazy(
            "Recorded as “cancellation under way”. Nothing is sent: hand the carrier its form, then record its reply."
        ),
    )
)

"""Deciding the renewal of many cards at once: renewed, to be cancelled, left to lapse (R15)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle.bulk.registry import Asked, BulkAction, BulkForm, Outcomes, one_by_one, register
from lifecycle.choices import RenewalDecision
from lifecycle.playbooks.renewal import PROPER_CHANNELS
from lifecycle.rules.cases.renewal import MONTHS, MOST_MONTHS
from lifecycle.services.cases.renewing import Renewal, decide_renewal


class RenewForm(BulkForm):
    """What becomes of the cards; the new last day where the carrier has renewed them already."""

    decision = forms.ChoiceField(label=_("Decision"), choices=RenewalDecision.choices)
    months = forms.IntegerField(
        label=_("Renewed for months"), required=False, initial=MONTHS, min_value=1, max_value=MOST_MONTHS
    )
    expires_on = forms.DateField(
        label=_("New last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Only where the carrier has renewed them already; else each case waits for it."),
    )
    channel = forms.ChoiceField(label=_("Renewed at"), required=False, choices=[("", "—"), *PROPER_CHANNELS])
    receipt = forms.CharField(label=_("Receipt"), required=False, max_length=200)
    note = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        """Ask for channel and receipt beside a new day."""
        given = self.cleaned_data
        for name in ("channel", "receipt") if given.get("expires_on") else ():
            if not given.get(name):
                self.add_error(name, _("Enter it beside the new last day."))
        return given


def renew(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Decide the cases of the cards, opened where none is open yet."""
    given = asked.given
    renewal = Renewal(
        decision=given["decision"],
        months=given["months"] or MONTHS,
        note=given["note"],
        expires_on=given["expires_on"],
        channel=given["channel"],
        receipt=given["receipt"],
    )

    def deed(card_id: int) -> dict[str, Any]:
        case = decide_renewal(card_id=card_id, renewal=renewal, actor=asked.actor, now=asked.now)
        return {"case": case.pk}

    return one_by_one(card_ids, deed)


register(
    BulkAction(
        name="renew",
        label=_("Decide on renewal"),
        icon="calendar-due",
        right="lifecycle.close_case",
        form=RenewForm,
        perform=renew,
        order=85,
        note=_(
            "Each card gets a renewal case. Nothing is sent or paid: renew with the carrier, then record its answer."
        ),
    )
)

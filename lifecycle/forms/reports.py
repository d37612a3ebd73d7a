"""What agents, and the office for them, say of a card: lost, not working, stopped, how good its calls are."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.choices import StopReason
from lifecycle.choices import Area, FaultKind, LostWith, QualityCause
from lifecycle.rules.quality import BEST, WORST, lacking

AGO = {
    0: _("Just now"),
    30: _("Half an hour ago"),
    120: _("Two hours ago"),
    720: _("Earlier today"),
    1440: _("Yesterday"),
}


class LossForm(forms.Form):
    """A loss in one press: all of it may be left as it is."""

    reason = forms.ChoiceField(
        label=_("What happened"),
        choices=[(reason.value, reason.label) for reason in (StopReason.LOST, StopReason.STOLEN)],
        required=False,
    )
    ago = forms.TypedChoiceField(label=_("Noticed"), choices=list(AGO.items()), coerce=int, required=False)
    lost = forms.MultipleChoiceField(
        label=_("What lay on it, or was lost with it"),
        choices=LostWith.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("Where and how"), required=False, max_length=400)

    def told(self, now: datetime) -> dict[str, Any]:
        """Return what the service asks for."""
        given = self.cleaned_data
        return {
            "reason": given["reason"] or StopReason.LOST,
            "noticed_at": now - timedelta(minutes=given["ago"] or 0),
            "lost": given["lost"],
            "note": given["note"],
        }


class FaultForm(forms.Form):
    """What does not work, and where."""

    fault = forms.ChoiceField(label=_("What does not work"), choices=FaultKind.choices)
    area = forms.ChoiceField(label=_("Where"), choices=Area.choices)
    note = forms.CharField(label=_("What you saw"), required=False, max_length=400)


class StoppedForm(forms.Form):
    """A card that seems stopped."""

    note = forms.CharField(label=_("What you saw"), required=False, max_length=400)


class QualityForm(forms.Form):
    """How good calls are."""

    score = forms.TypedChoiceField(
        label=_("Quality of calls"),
        coerce=int,
        choices=[(score, str(score)) for score in range(BEST, WORST - 1, -1)],
        help_text=_("5 is clear without a drop, 1 is hardly to be used."),
    )
    cause = forms.ChoiceField(label=_("What was wrong"), choices=[("", "—"), *QualityCause.choices], required=False)
    note = forms.CharField(label=_("What you heard"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """Ask for the cause of a poor score."""
        given: dict[str, Any] = super().clean() or {}
        for fault in lacking(given.get("score") or 0, given.get("cause", "")):
            self.add_error(fault.field, str(fault.message))
        return given

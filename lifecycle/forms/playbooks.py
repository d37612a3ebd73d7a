"""Playbooks in the administration."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from cards.choices import StopReason
from lifecycle.choices import CaseReason
from lifecycle.models import Playbook, PlaybookStep
from lifecycle.playbooks.registry import APPROVE, CLOSE, RELEASE, WORK, kinds

USUAL = (WORK, APPROVE, RELEASE, CLOSE)


class PlaybookForm(forms.ModelForm):  # type: ignore[type-arg]
    """Kind, reason, carrier and first day of the next version."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        choices=[("", _("any")), *StopReason.choices, *CaseReason.choices],
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Playbook
        fields = ("kind", "reason", "carrier", "effective_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:  # who may only look gets texts
            known = [(str(kind.name), kind.label) for kind in kinds()]
            self.fields["kind"].choices = known  # type: ignore[attr-defined]


class PlaybookStepForm(forms.ModelForm):  # type: ignore[type-arg]
    """One step; who does it is one of the rights that steps ask for."""

    who = forms.ChoiceField(label=_("right of who does it"), widget=UnfoldAdminSelectWidget)

    class Meta:
        model = PlaybookStep
        fields = (
            "position",
            "code",
            "title",
            "who",
            "evidence",
            "people",
            "is_gate",
            "holds",
            "starts",
            "awaits",
            "clock_amount",
            "clock_unit",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rights = sorted({*USUAL, *(spec.who for kind in kinds() for spec in kind.specs())})
        self.fields["who"].choices = [(right, right) for right in rights]  # type: ignore[attr-defined]

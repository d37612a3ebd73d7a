"""Carrier rules in the administration: written, superseded from a day on, confirmed by their source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm

from cards.choices import Confidence
from cards.models import CarrierRule
from cards.rules.scope import RuleTerms
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.probing import unusable


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule, or its next version. `kind` is one of the registry; unit and window are the kind's where left empty."""

    class Meta:
        model = CarrierRule
        fields = (
            "kind",
            "carrier",
            "plan",
            "region",
            "industry",
            "warn",
            "limit",
            "unit",
            "window",
            "params",
            "severity",
            "action",
            "consequence",
            "source",
            "confidence",
            "is_illustrative",
            "effective_from",
            "reason",
        )
        widgets = {"reason": forms.Textarea(attrs={"rows": 2}), "consequence": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.fields:  # only shown
            return
        kinds = sorted(KINDS.values(), key=lambda kind: str(kind.label))
        kind = forms.ChoiceField(label=_("kind"), choices=[(kind.code, kind.label) for kind in kinds])
        kind.disabled = self.instance.pk is not None
        self.fields["kind"] = kind
        self.fields["reason"].required = True
        if self.instance.pk is not None:
            # A change is a new version, so it begins on a day of its own.
            self.initial["effective_from"] = self.initial["reason"] = None

    def clean(self) -> dict[str, Any]:
        """Fill in what follows from the kind and refuse what could not be applied."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        kind = KINDS.get(given.get("kind", ""))
        if kind is None or self.errors:
            return given
        given["unit"], given["window"] = given["unit"] or kind.unit, given["window"] or kind.window
        reason = unusable(
            RuleTerms(
                kind=kind.code,
                severity=given["severity"],
                warn=given["warn"],
                limit=given["limit"],
                unit=given["unit"],
                params=given["params"],
            )
        )
        if reason:
            self.add_error(reason.field, str(reason.message))
        plan, carrier = given["plan"], given["carrier"]
        if plan and carrier and plan.carrier_id != carrier.pk:
            self.add_error("plan", _("This plan is of another carrier."))
        return given

    def validate_constraints(self) -> None:
        """Leave constraints to the service."""


class ConfirmForm(BaseDialogForm):  # type: ignore[misc]
    """Where a version's values are established; the badge "illustrative" goes."""

    source = forms.CharField(label=_("source"), max_length=200)
    confidence = forms.ChoiceField(
        label=_("confidence"),
        choices=[(item.value, item.label) for item in (Confidence.CONTRACT, Confidence.LAW, Confidence.DOCUMENT)],
    )

"""Carrier rules in the administration: written, superseded from a day on, confirmed by their source."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from cards.choices import Confidence
from cards.models import CarrierRule
from cards.rules.scope import RuleTerms, Scope
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.replay import Draft
from lifecycle.rules.terms import PROVING, wrong_terms
from lifecycle.selectors.rules import terms_of


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
        widgets = {name: UnfoldAdminTextareaWidget(attrs={"rows": 2}) for name in ("reason", "consequence")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.fields:  # only shown
            return
        kinds = sorted(KINDS.values(), key=lambda kind: str(kind.label))
        kind = forms.ChoiceField(
            label=_("kind"), choices=[(kind.code, kind.label) for kind in kinds], widget=UnfoldAdminSelectWidget
        )
        kind.disabled = self.instance.pk is not None
        self.fields["kind"] = kind
        self.fields["reason"].required = True
        if self.instance.pk is not None:
            self.fields["is_illustrative"].help_text = _("Stays until its values are confirmed by naming their source.")
            # A change is a new version, so it begins on a day of its own.
            self.initial["effective_from"] = self.initial["reason"] = None

    def clean(self) -> dict[str, Any]:
        """Fill in what follows from the kind and refuse what could not be applied."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        kind = KINDS.get(given.get("kind", ""))
        if kind is None or self.errors:
            return given
        given["unit"], given["window"] = given["unit"] or kind.unit, given["window"] or kind.window
        for reason in wrong_terms(self._terms(given)):
            self.add_error(reason.field, str(reason.message))
        plan, carrier = given["plan"], given["carrier"]
        if plan and carrier and plan.carrier_id != carrier.pk:
            self.add_error("plan", _("This plan is of another carrier."))
        return given

    def draft(self) -> Draft:
        """Return what was entered as a version that is not written yet."""
        lineage = CarrierRule.objects.filter(lineage=self.instance.lineage) if self.instance.pk else ()
        return Draft(terms=self._terms(self.cleaned_data), lineage=frozenset(rule.pk for rule in lineage))

    def changes_what_is_found(self) -> bool:
        """Whether it would find anything else than the version it follows."""
        if self.instance.pk is None:
            return True
        draft, stored = self.draft(), terms_of(CarrierRule.objects.get(pk=self.instance.pk))
        unchanged = replace(draft, terms=replace(stored, effective_from=draft.terms.effective_from))
        return draft.as_json() != unchanged.as_json()

    def _terms(self, given: dict[str, Any]) -> RuleTerms:
        scope = {part: given[part].pk if given[part] else None for part in ("carrier", "plan")}
        values = ("kind", "severity", "action", "warn", "limit", "unit", "window", "params", "confidence")
        return RuleTerms(
            scope=Scope(**scope, card=self.instance.card_id, region=given["region"], industry=given["industry"]),
            is_illustrative=given["is_illustrative"],
            effective_from=given["effective_from"],
            **{name: given[name] for name in values},
        )

    def validate_constraints(self) -> None:
        """Leave constraints to the service."""


class ConfirmForm(BaseDialogForm):  # type: ignore[misc]
    """Where a version's values are established; the badge "illustrative" goes."""

    source = forms.CharField(label=_("source"), max_length=200)
    confidence = forms.ChoiceField(
        label=_("confidence"),
        choices=[(item.value, item.label) for item in Confidence if item in PROVING],
    )


class DocumentForm(forms.Form):
    """The document that states a version's values."""

    document = forms.FileField(label=_("source document"), widget=UnfoldAdminFileFieldWidget)


class RestoreForm(forms.Form):
    """Why a former version is to hold again."""

    reason = forms.CharField(label=_("why it was changed"), max_length=1000, widget=UnfoldAdminTextInputWidget)


class RuleSetForm(forms.Form):
    """A rule set as YAML, from when it holds, and why. After the preview its text comes back instead of the file."""

    file = forms.FileField(label=_("YAML file"), required=False, widget=UnfoldAdminFileFieldWidget)
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    effective_from = forms.DateField(label=_("from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("why it was changed"), max_length=1000, widget=UnfoldAdminTextInputWidget)

    def clean(self) -> dict[str, Any]:
        """Ask for a file where no text is there yet."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("file") and not given.get("text"):
            self.add_error("file", _("Choose a file."))
        return given

    def content(self) -> bytes:
        """Return what was sent."""
        file = self.cleaned_data["file"]
        return bytes(file.read()) if file else str(self.cleaned_data["text"]).encode()

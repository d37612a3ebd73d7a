"""Forms of the reference data. What holds between fields is for the services to say, so no form asks the database."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from cards.choices import Purpose
from cards.models import Carrier, Contract, PlanPrice, Registrant


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        """Show one text a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the lines that hold anything."""
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether the lines differ."""
        return bool((initial or []) != self.to_python(data))


class CarrierForm(forms.ModelForm):  # type: ignore[type-arg]
    """A carrier; other names and documents are written one a line."""

    aliases = LinesField(label=_("other names"), required=False, help_text=_("Names found in files, one a line."))
    document_checklist = LinesField(label=_("documents asked for"), required=False, help_text=_("One line a document."))
    papers_web_app = LinesField(
        label=_("papers to cancel by site or app"), required=False, help_text=_("One line a document.")
    )
    papers_hotline = LinesField(
        label=_("papers to cancel by hotline"), required=False, help_text=_("One line a document.")
    )
    papers_outlet = LinesField(
        label=_("papers to cancel at an outlet"), required=False, help_text=_("One line a document.")
    )

    class Meta:
        model = Carrier
        fields = "__all__"  # noqa: DJ007 - the service lists what may be edited
        field_classes = {"portal": partial(forms.URLField, assume_scheme="https")}


class ContractForm(forms.ModelForm):  # type: ignore[type-arg]
    """A contract; the purposes it confirms are ticked, industries are written one a line."""

    purposes = forms.MultipleChoiceField(
        label=_("purposes confirmed"),
        choices=Purpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("By the confirmation of business; empty: none is stated."),
    )
    industries = LinesField(
        label=_("industries confirmed"), required=False, help_text=_("One line an industry; empty: none is stated.")
    )

    class Meta:
        model = Contract
        fields = "__all__"  # noqa: DJ007 - the service lists what may be edited


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A price from a day on. Its period is closed by the service, so nothing is said of overlaps here."""

    class Meta:
        model = PlanPrice
        fields = (
            *("effective_from", "monthly_fee", "minimum_spend"),
            *("included_minutes", "included_sms", "included_data_mb"),
            *("minute_price", "incoming_price", "rounding_s", "least_s", "sms_price", "data_price_mb"),
            *("first_month", "last_month", "changed", "stopped", "voluntary_stop_fee"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() - {"effective_from"}:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Leave constraints to the service; what was left out is as usual."""
        usual = PlanPrice()
        for name in self.fields.keys() - {"effective_from", "voluntary_stop_fee"}:
            if self.cleaned_data.get(name) in (None, ""):
                self.cleaned_data[name] = getattr(usual, name)
        return self.cleaned_data


class RegistrantForm(forms.ModelForm):  # type: ignore[type-arg]
    """A registrant. The ID number can be written, never read back."""

    id_number = forms.CharField(
        label=_("ID number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Stored encrypted and not shown again. Left empty, the one stored stays."),
    )

    class Meta:
        model = Registrant
        fields = (
            *("kind", "name", "id_number", "proof_dated_on", "proof_valid_until"),
            *("quota", "staff", "handler_name"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["id_number"] = ""

    def clean(self) -> dict[str, Any]:
        """Leave constraints to the service, which knows the ID number; an empty one means the stored one."""
        if not self.cleaned_data.get("id_number"):
            self.cleaned_data.pop("id_number", None)
        return self.cleaned_data

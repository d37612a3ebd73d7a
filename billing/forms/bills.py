"""What is asked of bills and disputes."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.choices import AccountKind, BillColumn, BillItem, DisputeState
from billing.importers.bills import Columns
from billing.models import Account, Bill, Dispute
from cardfleet.kernel.clock import parse_month
from cards.models import Carrier

ACCEPTED = ".csv,.txt,.xls,.xlsx"
OUTCOMES = (DisputeState.CREDITED, DisputeState.PARTLY, DisputeState.REFUSED, DisputeState.WITHDRAWN)


class DayInput(forms.DateInput):
    """A day, as browsers pick it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class BillFileForm(forms.Form):
    """A statement, whose it is, and what it does not say itself."""

    file = forms.FileField(
        label=_("Statement"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("CSV, XLS or XLSX as the carrier gives it; a row a card, or a row a card and item. Shown first."),
    )
    carrier = forms.ModelChoiceField(label=_("Carrier"), queryset=Carrier.objects.all())
    account = forms.ModelChoiceField(
        label=_("Shared account"),
        queryset=Account.objects.filter(kind=AccountKind.SHARED),
        required=False,
        empty_label=_("each card pays for itself"),
    )
    month = forms.CharField(
        label=_("Month"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2026-10", "autocomplete": "off"}),
        help_text=_("Where the file does not say it."),
    )
    total = forms.DecimalField(
        label=_("Total on the bill"),
        required=False,
        max_digits=11,
        decimal_places=2,
        help_text=_("Where the file has no row of totals."),
    )
    issued_on = forms.DateField(label=_("Issued on"), required=False, widget=DayInput())
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=DayInput(), help_text=_("Else by the carrier's terms.")
    )

    def clean_month(self) -> date | None:
        """Return the first day of the month, if one is given."""
        text = self.cleaned_data["month"].strip()
        try:
            return parse_month(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("Write a month like 2026-10."), code="month") from error

    def clean(self) -> dict[str, Any]:
        """Hold the account against the carrier."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        account = given.get("account")
        if account and given.get("carrier") and account.carrier_id != given["carrier"].pk:
            self.add_error("account", _("This account is of another carrier. Choose one of this carrier."))
        return given


class ColumnsForm(forms.Form):
    """What each column of a statement holds; a field a column of the header."""

    def __init__(self, *args: Any, titles: list[str], columns: Columns | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("not read")), *BillColumn.choices, *BillItem.choices]
        held = columns.places if columns else {}
        for place, title in enumerate(titles):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=title.strip() or f"#{place + 1}", choices=choices, required=False, initial=held.get(place, "")
            )

    def places(self) -> dict[int, str]:
        """Return what was chosen by zero-based place."""
        return {int(name.removeprefix("column_")): value for name, value in self.cleaned_data.items() if value}


class ReopenForm(forms.Form):
    """Why an acceptance is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class PaymentForm(forms.Form):
    """What was paid, when, and the bank's reference."""

    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=11, decimal_places=2)
    paid_on = forms.DateField(label=_("Paid on"), widget=DayInput())
    reference = forms.CharField(label=_("Reference"), max_length=120, required=False)

    @classmethod
    def of(cls, bill: Bill, today: date) -> "PaymentForm":
        """Return the form as a bill is usually paid: whole, today."""
        return cls(initial={"amount": bill.total, "paid_on": today})


class DisputeForm(forms.Form):
    """What we ask of the carrier, and when the complaint is sent."""

    reason = forms.CharField(
        label=_("What we ask for"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    sent_on = forms.DateField(label=_("Sent on"), widget=DayInput())


class AnswerForm(forms.Form):
    """What the carrier answered."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=[(one.value, one.label) for one in OUTCOMES])
    credited = forms.DecimalField(
        label=_("Credited"),
        required=False,
        max_digits=11,
        decimal_places=2,
        help_text=_("Only where a part is credited."),
    )
    answered_on = forms.DateField(label=_("Answered on"), widget=DayInput())
    reply = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label=_("Letter of the carrier"), required=False)

    @classmethod
    def of(cls, dispute: Dispute, today: date) -> "AnswerForm":
        """Return the form as most answers are."""
        return cls(initial={"outcome": DisputeState.CREDITED, "answered_on": today})

"""Places, suppliers, orders and inspections as people enter them. What holds is for the services to say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.choices import Condition, CustodyState, Damage, PurchaseChannel, SignalCheck, SpareDecision
from cards.forms.scanning import ScansField
from cards.models import Card, Carrier, Location, RatePlan, Supplier


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LocationForm(forms.Form):
    """A place or a slot."""

    name = forms.CharField(label=_("Place"), max_length=80, help_text=_("As it is written on the shelf and in files."))
    within = forms.ModelChoiceField(
        label=_("Slot of"), queryset=Location.objects.filter(within=None, is_active=True), required=False
    )
    capacity = forms.IntegerField(
        label=_("Room for"), required=False, min_value=1, help_text=_("Cards that fit; empty: not limited.")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class SlotsForm(forms.Form):
    """Many slots at once."""

    count = forms.IntegerField(label=_("Number of slots"), min_value=1, max_value=500)
    capacity = forms.IntegerField(label=_("Room for"), required=False, min_value=1)


class MoveForm(forms.Form):
    """Cards that are put into a place."""

    cards = ScansField(label=_("Cards"))


class SupplierForm(forms.Form):
    """Who sells cards."""

    name = forms.CharField(label=_("Supplier"), max_length=120)
    channel = forms.ChoiceField(label=_("Kind"), choices=PurchaseChannel.choices)
    carriers = forms.ModelMultipleChoiceField(
        label=_("Authorised by"),
        queryset=Carrier.objects.all(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )
    contact = forms.CharField(label=_("Contact"), max_length=120, required=False)
    promises = forms.CharField(
        label=_("What they promise"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Word for word; promises no carrier gives are warned of."),
    )


class ProofForm(forms.Form):
    """A supplier's authorisation."""

    proof = forms.FileField(label=_("Proof of authorisation"), help_text=_("PDF or picture of the carrier's letter."))
    until = forms.DateField(label=_("Proof valid until"), widget=DayInput)


class OrderForm(forms.Form):
    """An order; its lines are forms of their own."""

    number = forms.CharField(label=_("Order number"), max_length=40)
    supplier = forms.ModelChoiceField(label=_("Supplier"), queryset=Supplier.objects.filter(is_active=True))
    ordered_on = forms.DateField(label=_("Ordered on"), widget=DayInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(
        label=_("Why all the same"),
        required=False,
        max_length=1000,
        help_text=_("Only where something speaks against the supplier; the reason is kept in the journal."),
    )


class LineForm(forms.Form):
    """One line of an order."""

    carrier = forms.ModelChoiceField(label=_("Carrier"), queryset=Carrier.objects.all())
    plan = forms.ModelChoiceField(label=_("Plan"), queryset=RatePlan.objects.select_related("carrier"), required=False)
    quantity = forms.IntegerField(label=_("Cards"), min_value=1, max_value=100000)
    unit_price = forms.DecimalField(label=_("Price a card"), min_value=0, max_digits=10, decimal_places=2)


LineFormSet = forms.formset_factory(LineForm, extra=3, min_num=0, max_num=20)


class ReceiveForm(forms.Form):
    """What came: scanned, or an import batch."""

    cards = ScansField(label=_("Cards"), required=False)
    batch = forms.CharField(
        label=_("or an import batch"), max_length=40, required=False, help_text=_("All cards imported with this batch.")
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given: dict[str, Any] = self.cleaned_data
        if bool(given.get("cards")) == bool(given.get("batch")) and not self.errors:
            raise forms.ValidationError(_("Scan cards, or name one import batch."), code="either")
        return given


class InvoiceForm(forms.Form):
    """The invoice of an order."""

    invoice_no = forms.CharField(label=_("Invoice number"), max_length=40)
    invoiced_on = forms.DateField(label=_("Invoice of"), widget=DayInput)
    file = forms.FileField(label=_("File"), required=False)


class CloseForm(forms.Form):
    """Why the rest of an order does not come."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class InspectionForm(forms.Form):
    """What was found of a card; a spare is asked for more."""

    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices)
    damage = forms.ChoiceField(label=_("Damage"), required=False, choices=[("", "—"), *Damage.choices])
    signal = forms.ChoiceField(
        label=_("Network"),
        choices=SignalCheck.choices,
        help_text=_("Put the card into a phone and read its screen. Nothing is called or sent to make it look used."),
    )
    decision = forms.ChoiceField(label=_("This spare"), required=False, choices=[("", "—"), *SpareDecision.choices])
    use_by = forms.DateField(label=_("In real use by"), required=False, widget=DayInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    lay_aside = forms.BooleanField(label=_("Put the damaged card among the faulty ones"), required=False)

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if card.custody_state != CustodyState.SPARE:
            del self.fields["decision"], self.fields["use_by"]

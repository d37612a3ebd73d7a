"""What is entered to let a spare take a card's place, and about the notices of changed numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import DayInput, MomentInput
from cards.choices import CustodyState
from lifecycle.choices import NoticeResult
from lifecycle.rules.failover import OLD_GOES_TO

PLACES = {
    CustodyState.IN_STOCK: _("Taken back into stock"),
    CustodyState.FAULTY: _("Taken back, to the faulty ones"),
    CustodyState.RETURN_DUE: _("Still with the agent: to be given back"),
    CustodyState.MISSING: _("Lost"),
}
RESULTS = [(choice.value, choice.label) for choice in NoticeResult if choice != NoticeResult.WAITING]


class SwitchForm(forms.Form):
    """Which spare, and what becomes of the old card."""

    standby = forms.IntegerField(widget=forms.HiddenInput, required=False)
    old_goes_to = forms.ChoiceField(
        label=_("The old card"), choices=[(place.value, PLACES[place]) for place in OLD_GOES_TO]
    )
    since = forms.DateTimeField(
        label=_("Stood still since"), required=False, widget=MomentInput, help_text=_("Empty means as recorded.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class NumberNoticeForm(forms.Form):
    """What a notice says of us, and how long its people are kept."""

    company = forms.CharField(label=_("Company"), max_length=120)
    opt_out = forms.CharField(label=_("How to refuse further messages"), max_length=120)
    changes_on = forms.DateField(label=_("Changes on"), widget=DayInput)
    delete_after = forms.DateField(label=_("People are deleted after"), widget=DayInput)
    crm_link = forms.URLField(
        label=_("List in the CRM"),
        required=False,
        assume_scheme="https",
        help_text=_("Where the list stays in your CRM, nobody is stored here."),
    )
    crm_told = forms.IntegerField(label=_("Told from the CRM"), required=False, min_value=0)
    crm_failed = forms.IntegerField(label=_("Not reached from the CRM"), required=False, min_value=0)


class ListForm(forms.Form):
    """A list of people."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or Excel: 号码 or 邮箱, 称呼 if you wish. Nothing else is read.")
    )


class ResultsForm(forms.Form):
    """A file of whoever told the people."""

    file = forms.FileField(label=_("File"), help_text=_("CSV or Excel: 号码 or 邮箱, 结果 (成功, 失败, 退订), 原因."))


class ResultForm(forms.Form):
    """What came of telling some people, by hand."""

    people = forms.TypedMultipleChoiceField(coerce=int)
    result = forms.ChoiceField(label=_("Result"), choices=RESULTS)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=80)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(str(pk), "") for pk in people]  # type: ignore[attr-defined]


class ForwardingForm(forms.Form):
    """Until when calls to the old number go to the new one."""

    ends_on = forms.DateField(label=_("Until"), widget=DayInput)

"""What the page of a case asks for; what a step asks besides is the form of its act (`lifecycle/playbooks`)."""

from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from agents.forms import MomentInput
from cardfleet.accounts.models import User
from cards.querysets import CardQuerySet
from lifecycle.forms.handout import CardNameField
from lifecycle.models import CaseStep
from lifecycle.playbooks.registry import StepForm, kind_of, kinds_opened_by

WORDS = forms.Textarea(attrs={"rows": 3})


class ManyFilesInput(forms.ClearableFileInput):
    """A field that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, none where nothing is sent."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list["File[bytes]"]:  # type: ignore[override]
        """Return the files."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class RecordForm(forms.Form):
    """How any step is recorded."""

    note = forms.CharField(label=_("Note"), required=False, max_length=4000, widget=WORDS)
    files = ManyFilesField(label=_("Proof"), required=False, max_length=255)
    done_at = forms.DateTimeField(
        label=_("Done at"), required=False, widget=MomentInput, help_text=_("Empty means now.")
    )


class OpenCaseForm(forms.Form):
    """Which case on which card, and why."""

    card = CardNameField(label=_("Card"), help_text=_("Number, last digits or ICCID; a scanner may type it."))
    kind = forms.ChoiceField(label=_("Kind of case"))
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    note = forms.CharField(label=_("What happened"), required=False, max_length=4000, widget=WORDS)
    at = forms.DateTimeField(label=_("Since when"), required=False, widget=MomentInput, help_text=_("Empty means now."))
    files = ManyFilesField(label=_("Proof"), required=False, max_length=255)

    def __init__(self, *args: Any, cards: CardQuerySet, person: User, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = kinds_opened_by(person)
        chosen = [one for one in mine if one.name == kind] or mine
        reasons = {reason.value: reason.label for one in chosen for reason in one.reasons}
        self.fields["card"].cards = cards  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(one.name.value, one.label) for one in mine]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [("", "—"), *reasons.items()]  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """How a case ends."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    note = forms.CharField(label=_("Closing note"), required=False, max_length=4000, widget=WORDS)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(outcome.value, outcome.label) for outcome in kind_of(kind).outcomes]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a step is left out or put right."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


def act_form(step: CaseStep, *, person: User, data: Any = None, files: Any = None) -> StepForm:
    """Return the form of what a step asks besides, filled where something was sent."""
    form = kind_of(step.case.kind).act(step.code).form
    return form(data, files, step=step, person=person)

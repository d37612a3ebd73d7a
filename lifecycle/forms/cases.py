"""What the page of a case asks for; what a step asks besides is the form of its act (`lifecycle/playbooks`)."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from agents.forms import MomentInput
from cardfleet.accounts.models import User
from cards.querysets import CardQuerySet
from lifecycle.choices import ContactChannel, EscalationLevel
from lifecycle.forms.handout import CardNameField
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import StepForm, kind_of, kinds_opened_by, step_label
from lifecycle.rules.cases.closing import GIVEN_UP
from lifecycle.selectors.watchers import handlers

WORDS = forms.Textarea(attrs={"rows": 3})


class ManyFilesInput(forms.ClearableFileInput):
    """A field that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, none where nothing is sent."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list["File[bytes]"]:
        """Return the files."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class RecordForm(forms.Form):
    """How any step is recorded."""

    note = forms.CharField(label=_("Note"), required=False, max_length=4000, widget=WORDS)
    files = ManyFilesField(label=_("Proof"), required=False, max_length=255)  # type: ignore[assignment]
    done_at = forms.DateTimeField(
        label=_("Done at"), required=False, widget=MomentInput, help_text=_("Empty means now.")
    )


# The reasons are those of the kind that is chosen.
ASKS_REASONS = {"hx-get": "", "hx-target": "#id_reason", "hx-select": "#id_reason", "hx-swap": "outerHTML"}


class OpenCaseForm(forms.Form):
    """Which case on which card, and why. The person may open one kind at least."""

    card = CardNameField(label=_("Card"), help_text=_("Number, last digits or ICCID; a scanner may type it."))
    kind = forms.ChoiceField(label=_("Kind of case"), widget=forms.Select(attrs=ASKS_REASONS))
    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("What happened"), required=False, max_length=4000, widget=WORDS)
    at = forms.DateTimeField(label=_("Since when"), required=False, widget=MomentInput, help_text=_("Empty means now."))
    files = ManyFilesField(label=_("Proof"), required=False, max_length=255)  # type: ignore[assignment]

    def __init__(self, *args: Any, cards: CardQuerySet, person: User, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = kinds_opened_by(person)
        chosen = next((one for one in mine if one.name == kind), mine[0])
        reasons = [(reason.value, reason.label) for reason in chosen.reasons]
        self.fields["card"].cards = cards  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(one.name.value, one.label) for one in mine]  # type: ignore[attr-defined]
        self.fields["reason"].choices = reasons if len(reasons) == 1 else [("", "—"), *reasons]  # type: ignore[attr-defined]
        self.fields["reason"].required = bool(reasons)


class CloseForm(forms.Form):
    """How a case ends: proposed is the first of the `possible` outcomes that gives nothing up."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    note = forms.CharField(label=_("Closing note"), required=False, max_length=4000, widget=WORDS)

    def __init__(self, *args: Any, kind: str, possible: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(outcome.value, outcome.label) for outcome in kind_of(kind).outcomes]
        self.fields["outcome"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        self.initial["outcome"] = next((one for one in possible if one not in GIVEN_UP), "")


class ContactForm(forms.Form):
    """Who said what, when, under which ticket."""

    channel = forms.ChoiceField(label=_("Through"), choices=ContactChannel.choices)
    level = forms.TypedChoiceField(
        label=_("Whom we asked"), choices=EscalationLevel.choices, coerce=int, initial=EscalationLevel.SUPPORT
    )
    person = forms.CharField(
        label=_("Whom we spoke to"), required=False, max_length=80, help_text=_("Name or work number.")
    )
    said = forms.CharField(label=_("What was said"), max_length=4000, widget=WORDS)
    ticket = forms.CharField(label=_("The carrier's ticket"), required=False, max_length=60)
    at = forms.DateTimeField(label=_("Time"), required=False, widget=MomentInput, help_text=_("Empty means now."))


class CommentForm(forms.Form):
    """What others should know."""

    text = forms.CharField(label=_("Comment"), max_length=2000, widget=WORDS)


class AssignForm(forms.Form):
    """Who sees to the case; nobody where it is left empty."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False, empty_label=_("Nobody yet"))

    def __init__(self, *args: Any, asking: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = handlers(asking)  # type: ignore[attr-defined]
        self.fields["person"].widget.attrs["class"] = "control"


class EscalateForm(forms.Form):
    """Who is asked next, and why."""

    level = forms.TypedChoiceField(label=_("Whom we ask"), choices=EscalationLevel.choices[1:], coerce=int)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


class AttachForm(forms.Form):
    """Further documents, of a step where one is chosen."""

    evidence = ManyFilesField(label=_("File"), max_length=255)
    step_id = forms.TypedChoiceField(label=_("Proof of"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = case.steps.standing().order_by("position")
        choices = [("", _("the whole case")), *((step.pk, step_label(step)) for step in steps)]
        self.fields["step_id"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a step is left out or put right."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


def act_form(step: CaseStep, *, person: User, data: Any = None, files: Any = None) -> StepForm:
    """Return the form of what a step asks besides, filled where something was sent."""
    form = kind_of(step.case.kind).act(step.code).form
    return form(data, files, step=step, person=person)

"""What is entered at the compliance desk, and what a person asks for about themselves."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import DayInput, MomentInput
from agents.rules.callees import read_callee
from cardfleet.accounts.models import User
from cardfleet.kernel.reading import Unreadable
from lifecycle.choices import CaseKind, ChecklistKind, LawFinding, MatterGroup, MatterKind, MatterOutcome, Verdict
from lifecycle.forms.devices import PersonField
from lifecycle.querysets import OWN_REQUESTS
from lifecycle.rules.desk.articles import tags_of
from lifecycle.rules.desk.audits import Answer
from lifecycle.rules.desk.matters import GROUPS, OUTCOMES
from lifecycle.selectors.desk.audits import Question

WORDS = forms.Textarea(attrs={"rows": 3})


class NumberField(forms.CharField):
    """A whole number that may be called; the fault never repeats it."""

    def clean(self, value: Any) -> str:
        """Return it as call records hold it."""
        text = str(super().clean(value)).strip()
        try:
            return read_callee(text) if text else ""
        except Unreadable as fault:
            raise forms.ValidationError(str(fault.message), code=fault.code) from None


class MatterForm(forms.Form):
    """What any matter says of itself."""

    title = forms.CharField(label=_("About what"), max_length=120)
    summary = forms.CharField(label=_("What happened"), required=False, max_length=4000, widget=WORDS)
    received_at = forms.DateTimeField(label=_("Received at"), widget=MomentInput)
    channel = forms.CharField(
        label=_("Reached us through"), required=False, max_length=40, help_text=_("A letter, a call, an e-mail ...")
    )


class RequestForm(MatterForm):
    """Somebody asks about their own data: a person of ours, or whoever was called."""

    kind = forms.ChoiceField(
        label=_("Asks for"), choices=[(kind.value, kind.label) for kind in GROUPS[MatterGroup.REQUESTS]]
    )
    about = PersonField(label=_("Staff number"), required=False, help_text=_("Where it is a person of ours."))
    number = NumberField(
        label=_("Number"),
        required=False,
        help_text=_("Where it is somebody who was called. It is kept encrypted and shown to nobody."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    asker = forms.CharField(
        label=_("Who asks, and how to reach them"), required=False, max_length=200, help_text=_("Kept encrypted.")
    )
    field_order = ("kind", "title", "about", "number", "asker", "received_at", "channel", "summary")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].people = User.objects.all()  # type: ignore[attr-defined]


class BreachForm(MatterForm):
    """Data that came where it must not."""

    data = forms.CharField(label=_("Whose data, and which"), max_length=200)  # type: ignore[assignment]
    people = forms.IntegerField(label=_("How many people"), required=False, min_value=0)
    field_order = ("title", "data", "people", "received_at", "channel", "summary")


FORMS: dict[MatterGroup, type[MatterForm]] = {MatterGroup.REQUESTS: RequestForm, MatterGroup.BREACHES: BreachForm}


class MatterStepForm(forms.Form):
    """How a step is recorded."""

    note = forms.CharField(label=_("Note"), required=False, max_length=4000, widget=WORDS)
    proof = forms.FileField(label=_("Proof"), required=False, max_length=255)
    done_at = forms.DateTimeField(
        label=_("Done at"), required=False, widget=MomentInput, help_text=_("Empty means now.")
    )


class MatterCloseForm(forms.Form):
    """How a matter ends."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    because = forms.CharField(label=_("Why"), required=False, max_length=2000, widget=WORDS)

    def __init__(self, *args: Any, group: MatterGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(outcome.value, MatterOutcome(outcome).label) for outcome in OUTCOMES[group]]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


class BecauseForm(forms.Form):
    """A reason."""

    because = forms.CharField(label=_("Why"), max_length=200)


class OwnRequestForm(forms.Form):
    """What a person asks for about their own data."""

    kind = forms.ChoiceField(
        label=_("What I ask for"),
        choices=[(kind.value, MatterKind(kind).label) for kind in OWN_REQUESTS],
        widget=forms.RadioSelect,
    )
    summary = forms.CharField(
        label=_("What is wrong, or what should go"), required=False, max_length=2000, widget=WORDS
    )


class LawReviewForm(forms.Form):
    """What reading a text again showed."""

    finding = forms.ChoiceField(label=_("Finding"), choices=LawFinding.choices)
    note = forms.CharField(
        label=_("What changed, and what we do about it"), required=False, max_length=4000, widget=WORDS
    )
    next_on = forms.DateField(label=_("Next review"), widget=DayInput)
    tell = forms.BooleanField(label=_("Tell everybody in the office"), required=False)


class AuditForm(forms.Form):
    """Which audit is begun."""

    kind = forms.ChoiceField(label=_("Checklist"), choices=ChecklistKind.choices)
    title = forms.CharField(label=_("Campaign or year"), max_length=120)
    industry = forms.CharField(
        label=_("Industry"),
        required=False,
        max_length=40,
        help_text=_("As on the cards; checked against the forbidden list."),
    )
    due_on = forms.DateField(label=_("To be done by"), widget=DayInput)


class AnswersForm(forms.Form):
    """The answers to the questions of an audit: `verdict_1`, `note_1`, `measure_1`, `file_1` and so on."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self._ask(question)

    def _ask(self, question: Question) -> None:
        answer, number = question.answer, question.number
        self.fields[f"verdict_{number}"] = forms.ChoiceField(
            label=_("Answer"),
            choices=[("", "—"), *Verdict.choices],
            required=False,
            initial=answer.verdict if answer else "",
        )
        self.fields[f"note_{number}"] = forms.CharField(
            label=_("Proof, measure or why not"),
            required=False,
            max_length=300,
            initial=answer.note if answer else "",
        )
        self.fields[f"measure_{number}"] = forms.DateField(
            label=_("Put right by"), required=False, widget=DayInput, initial=answer.measure_by if answer else None
        )
        self.fields[f"file_{number}"] = forms.FileField(label=_("File"), required=False, max_length=255)

    def rows(self) -> Iterator[tuple[Question, list[forms.BoundField]]]:
        """Yield each question with its fields."""
        for question in self.questions:
            yield question, [self[f"{name}_{question.number}"] for name in ("verdict", "note", "measure", "file")]

    def answers(self) -> dict[int, Answer]:
        """Return the answers given."""
        given = self.cleaned_data
        return {
            question.number: Answer(
                verdict=given[f"verdict_{question.number}"],
                note=given[f"note_{question.number}"],
                measure_by=given[f"measure_{question.number}"],
                has_file=bool(given[f"file_{question.number}"] or (question.answer and question.answer.proof_id)),
            )
            for question in self.questions
            if given[f"verdict_{question.number}"]
        }

    def proofs(self) -> dict[int, Any]:
        """Return the files that came, by question."""
        found = {question.number: self.cleaned_data[f"file_{question.number}"] for question in self.questions}
        return {number: file for number, file in found.items() if file}


class ArticleForm(forms.Form):
    """An article or a tip."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10}))
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=160, help_text=_("With commas between, as 停机, 复机.")
    )
    case_kind = forms.ChoiceField(
        label=_("Shown beside cases of this kind"), required=False, choices=[("", "—"), *CaseKind.choices]
    )

    def clean_tags(self) -> list[str]:
        """Return the tags."""
        return tags_of(self.cleaned_data["tags"])

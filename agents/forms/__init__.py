"""What people type about agents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.choices import AbsenceKind, Detail
from agents.models import Agent, Course
from agents.querysets import AgentQuerySet
from agents.rules.requests import MOST_CARDS
from agents.services.agents import AgentFacts
from cardfleet.accounts.models import Team, User
from cards.choices import Purpose
from cards.models import Card


class DayInput(forms.DateInput):
    """A day, chosen in the browser's calendar."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class MomentInput(forms.DateTimeInput):
    """A moment on a Shanghai clock, chosen in the browser."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class AgentNameField(forms.CharField):
    """An agent by staff number, name or pinyin initials; a staff number wins over a name."""

    agents: AgentQuerySet = Agent.objects.none()

    def clean(self, value: Any) -> Agent | None:
        """Return the agent; None where nothing is typed and nothing has to be."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        exact = list(self.agents.filter(user__staff_no__iexact=text)[:1])
        found = exact or list(self.agents.matching(text)[:2])
        if not found:
            raise forms.ValidationError(_("No agent in your scope matches this."), code="unknown_agent")
        if len(found) > 1:
            raise forms.ValidationError(_("Several agents match; enter the staff number."), code="ambiguous_agent")
        return found[0]


class AgentForm(forms.Form):
    """The facts of an agent, within the person's scope."""

    staff_no = forms.CharField(label=_("Staff number"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))
    mobile = forms.RegexField(r"^\+?[0-9]{5,15}$", label=_("Mobile"), required=False)
    joined_on = forms.DateField(label=_("joined on"), required=False, widget=DayInput)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = self.fields["team"]
        assert isinstance(teams, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        teams.queryset = Team.objects.visible_to(person)

    @staticmethod
    def of(facts: AgentFacts) -> dict[str, Any]:
        """Return the facts as initial values."""
        return {
            "staff_no": facts.staff_no,
            "name": facts.name,
            "team": facts.team,
            "mobile": facts.mobile,
            "joined_on": facts.joined_on,
        }

    def facts(self) -> AgentFacts:
        """Return what was typed."""
        return AgentFacts(**self.cleaned_data)


class CardRequestForm(forms.Form):
    """What an agent asks for."""

    count = forms.IntegerField(label=_("How many cards"), min_value=1, max_value=MOST_CARDS, initial=1)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    reason = forms.CharField(label=_("What for"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    needed_until = forms.DateField(label=_("Needed until"), required=False, widget=DayInput)
    replaces = forms.ModelChoiceField(
        Card.objects.none(),
        label=_("Instead of"),
        required=False,
        empty_label=_("In addition"),
        help_text=_("For a swap: the card you give back."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["replaces"]
        assert isinstance(own, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        own.queryset = Card.objects.filter(holder=person)


class ConfirmationForm(forms.Form):
    """Which details of a card are wrong."""

    wrong = forms.MultipleChoiceField(choices=Detail.choices, required=False)
    note = forms.CharField(label=_("What is wrong"), required=False, max_length=400)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("reason"), max_length=200)


class AbsenceForm(forms.Form):
    """That an agent is away; without a last day, on the first alone."""

    kind = forms.ChoiceField(label=_("why away"), choices=AbsenceKind)
    starts_on = forms.DateField(label=_("first day away"), widget=DayInput)
    ends_on = forms.DateField(
        label=_("last day away"), required=False, widget=DayInput, help_text=_("Empty: the first day alone.")
    )
    note = forms.CharField(label=_("note"), max_length=200, required=False)


class TrainingForm(forms.Form):
    """That a course was passed."""

    course = forms.ModelChoiceField(Course.objects.all(), label=_("course"), empty_label=None)
    passed_on = forms.DateField(label=_("passed on"), widget=DayInput)
    score = forms.IntegerField(label=_("score"), required=False, min_value=0, max_value=100)


class AgentImportForm(forms.Form):
    """A file of agents."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, XLS or XLSX with 工号, 姓名, 部门/班组, 手机, 入职日期, 状态; also 请假开始, 请假结束, 请假类型."
        ),
    )
    create_missing = forms.BooleanField(label=_("Make teams that do not exist yet"), required=False)
    dry_run = forms.BooleanField(label=_("Only try, store nothing"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not person.has_perm("accounts.add_team"):
            del self.fields["create_missing"]


class CalleeImportForm(forms.Form):
    """A file of refusals and consents, and what proves it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XLS or XLSX with 号码, 类型 (禁拨 or 同意), 日期, 来源, 用途, 有效期至."),
    )
    proof = forms.FileField(
        label=_("Proof"), required=False, help_text=_("A scan or recording that proves the whole file.")
    )


class CalleeCheckForm(forms.Form):
    """One number."""

    number = forms.CharField(label=_("Number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class NoticeForm(forms.Form):
    """The last day of somebody who leaves, and why."""

    leaves_on = forms.DateField(label=_("Last day"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

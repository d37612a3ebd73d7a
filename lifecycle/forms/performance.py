"""What people type about the work of agents."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.choices import RewardBasis, RewardKind
from agents.forms import AgentNameField, DayInput
from agents.models import Agent, ScriptVersion
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.months import MonthQuery
from lifecycle.choices import CheckCategory
from lifecycle.rules.checked_calls import Heard
from lifecycle.services.checked_calls import CheckFacts

MARKS = [(mark, str(mark)) for mark in range(5, 0, -1)]
HEARD = ("courtesy", "accuracy", "no_pressure", "identity_stated", "opt_out_offered")


class PerformanceQuery(MonthQuery):
    """A month, and the team it is asked for."""

    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team"), required=False)


class CheckForm(forms.Form):
    """A checked call of an agent in the person's scope; no content is asked for."""

    agent = AgentNameField(label=_("Agent"), help_text=_("Staff number, name or pinyin initials."), max_length=80)
    called_on = forms.DateField(label=_("day of the call"), widget=DayInput)
    script = forms.ModelChoiceField(
        ScriptVersion.objects.filter(approved_at__isnull=False).select_related("script"),
        label=_("script"),
        required=False,
    )
    courtesy = forms.TypedChoiceField(label=_("courtesy"), choices=MARKS, coerce=int)
    accuracy = forms.TypedChoiceField(label=_("accuracy"), choices=MARKS, coerce=int)
    no_pressure = forms.BooleanField(label=_("no pressure"), required=False)
    identity_stated = forms.BooleanField(label=_("identity stated"), required=False)
    opt_out_offered = forms.BooleanField(label=_("offered not to be called again"), required=False)
    category = forms.ChoiceField(label=_("what was wrong"), choices=[("", "—"), *CheckCategory.choices], required=False)
    satisfaction = forms.TypedChoiceField(
        label=_("customer's satisfaction"), choices=[("", "—"), *MARKS], coerce=int, required=False, empty_value=None
    )
    refused = forms.BooleanField(label=_("the person refused further calls"), required=False)
    number = forms.CharField(
        label=_("number of the person who refused"),
        max_length=40,
        required=False,
        help_text=_("It goes to the do-not-call list as a hash; it is not kept here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(label=_("note"), max_length=300, required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agents = self.fields["agent"]
        assert isinstance(agents, AgentNameField)  # noqa: S101 - for the type checker
        agents.agents = Agent.objects.visible_to(person)

    def heard(self) -> Heard:
        """Return how the call was led."""
        return Heard(**{name: self.cleaned_data[name] for name in HEARD})

    def facts(self) -> CheckFacts:
        """Return the rest of it."""
        return CheckFacts(**{name: value for name, value in self.cleaned_data.items() if name not in (*HEARD, "agent")})


class RewardForm(forms.Form):
    """A reward or a penalty."""

    kind = forms.ChoiceField(label=_("kind"), choices=RewardKind.choices)
    basis = forms.ChoiceField(label=_("for"), choices=RewardBasis.choices)
    amount = forms.DecimalField(label=_("amount (CNY)"), required=False, min_value=0, max_digits=10, decimal_places=2)
    reason = forms.CharField(label=_("reason"), max_length=300)


class AppraisalForm(forms.Form):
    """What a supervisor says of a month."""

    attitude = forms.TypedChoiceField(label=_("attitude to work"), choices=MARKS, coerce=int, initial=4)
    summary = forms.CharField(label=_("what is said"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


def month_of(text: str, *, today: date) -> date:
    """Return the first day of `YYYY-MM`, this month where nothing is said. BadInput for what is no month."""
    month: date = MonthQuery.read({"month": text}, today=today)["month"]
    return month

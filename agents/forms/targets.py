"""What people type about targets, plans of calls and scripts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import AgentNameField, DayInput
from agents.models import Agent, Script
from agents.services.targets import PlanFacts
from cardfleet.accounts.models import Team, User
from cards.choices import Purpose


class CallPlanForm(forms.Form):
    """A plan of calls, within the person's scope."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("team"), required=False)
    agent = AgentNameField(
        label=_("or one agent"), required=False, help_text=_("Staff number, name or pinyin initials."), max_length=80
    )
    starts_on = forms.DateField(label=_("from"), widget=DayInput)
    ends_on = forms.DateField(label=_("until"), widget=DayInput)
    calls = forms.IntegerField(label=_("calls a day"), min_value=1, max_value=2000)
    purpose = forms.ChoiceField(label=_("purpose"), choices=[("", "—"), *Purpose.choices], required=False)
    script = forms.ModelChoiceField(Script.objects.filter(ended_at=None), label=_("script"), required=False)
    note = forms.CharField(label=_("note"), max_length=200, required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams, agents = self.fields["team"], self.fields["agent"]
        assert isinstance(teams, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(agents, AgentNameField)  # noqa: S101 - likewise
        teams.queryset = Team.objects.visible_to(person)
        agents.agents = Agent.objects.visible_to(person).active()

    def facts(self) -> PlanFacts:
        """Return what was typed."""
        return PlanFacts(**self.cleaned_data)


class ScriptVersionForm(forms.Form):
    """The next version of a script."""

    text = forms.CharField(label=_("text"), widget=forms.Textarea(attrs={"rows": 10}))
    states_identity = forms.BooleanField(label=_("says who calls and how to reach us"), required=False)
    offers_opt_out = forms.BooleanField(label=_("offers not to be called again"), required=False)


class ScriptForm(ScriptVersionForm):
    """A new script with its first version."""

    name = forms.CharField(label=_("name"), max_length=80)
    purpose = forms.ChoiceField(label=_("purpose"), choices=Purpose.choices)

    field_order = ["name", "purpose"]

"""What people type about courses, policies and plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import DayInput
from agents.models import Course
from agents.services.courses import VersionFacts
from cardfleet.accounts.models import Team, User


class VersionForm(forms.Form):
    """The next version of a course."""

    text = forms.CharField(label=_("what is taught"), required=False, widget=forms.Textarea(attrs={"rows": 8}))
    link = forms.URLField(label=_("link to the material"), required=False, assume_scheme="https")
    material = forms.FileField(label=_("material"), required=False)
    questions = forms.CharField(
        label=_("questions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "A question a paragraph: the question, then an option a line, + before right ones, - before the others."
        ),
    )
    pass_mark = forms.IntegerField(label=_("pass mark (per cent)"), min_value=1, max_value=100, initial=80)
    attempts_a_day = forms.IntegerField(label=_("attempts a day"), min_value=1, max_value=100, initial=3)
    commitment = forms.CharField(
        label=_("commitment that is signed"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    earlier_until = forms.DateField(
        label=_("earlier passes count until"),
        required=False,
        widget=DayInput,
        help_text=_("Empty: who passed before need not take this version."),
    )

    def facts(self) -> VersionFacts:
        """Return what was typed, without the file."""
        return VersionFacts(**{name: value for name, value in self.cleaned_data.items() if name != "material"})


class PolicyVersionForm(forms.Form):
    """The next text of a policy."""

    text = forms.CharField(label=_("text"), widget=forms.Textarea(attrs={"rows": 12}))
    effective_from = forms.DateField(
        label=_("in force from"), required=False, widget=DayInput, help_text=_("Empty: from today on.")
    )


class PlanForm(forms.Form):
    """A plan of training, for teams in the person's scope."""

    course = forms.ModelChoiceField(Course.objects.all(), label=_("course"), empty_label=None)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("team"), required=False)
    starts_on = forms.DateField(label=_("from"), widget=DayInput)
    due_on = forms.DateField(label=_("to be done by"), widget=DayInput)
    note = forms.CharField(label=_("note"), max_length=200, required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = self.fields["team"]
        assert isinstance(teams, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        teams.queryset = Team.objects.visible_to(person)
        teams.required = not person.has_perm("accounts.view_all_teams")
        teams.empty_label = None if teams.required else str(_("Everybody"))


class SessionForm(forms.Form):
    """That many passed a course on a day."""

    course = forms.ModelChoiceField(Course.objects.all(), label=_("course"), empty_label=None)
    passed_on = forms.DateField(label=_("passed on"), widget=DayInput)
    sheet = forms.FileField(label=_("signed list or other proof"), required=False)

"""What is asked when a view is saved or a report is made."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team, User
from cardfleet.lists.choices import Every, FileForm, Weekday
from cardfleet.lists.models import SavedView, ScheduledReport
from cardfleet.lists.selectors.reports import views_to_send
from cardfleet.lists.services.reports import Wanted
from cardfleet.lists.services.views import Sharing

NOBODY = ("", _("nobody"))


class ViewForm(forms.Form):
    """Name and sharing of a view. `role` is there for those who may share with roles."""

    name = forms.CharField(label=_("Name"), max_length=60)
    team = forms.ModelChoiceField(
        label=_("Shared with the team"), queryset=Team.objects.none(), required=False, empty_label=NOBODY[1]
    )
    role = forms.ChoiceField(label=_("Shared with the role"), choices=[NOBODY, *Role.choices], required=False)
    opens = forms.BooleanField(label=_("The list opens with it"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = self.fields["team"]
        teams.queryset = Team.objects.visible_to(person)  # type: ignore[attr-defined]
        if not person.has_perm("lists.share_savedview"):
            del self.fields["team"]
        if not person.has_perm("lists.share_with_role"):
            del self.fields["role"]

    @property
    def sharing(self) -> Sharing:
        """With whom it is to be shared."""
        return Sharing(role=self.cleaned_data.get("role", ""), team=self.cleaned_data.get("team"))


class ReportTermsForm(forms.Form):
    """A report as it can be changed: as what, when, to whom."""

    form = forms.ChoiceField(label=_("File"), choices=FileForm.choices, initial=FileForm.XLSX)
    every = forms.ChoiceField(label=_("How often"), choices=Every.choices, initial=Every.WORKDAY)
    weekday = forms.TypedChoiceField(
        label=_("On"), choices=Weekday.choices, coerce=int, initial=1, help_text=_("For a weekly report.")
    )
    day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=31,
        initial=1,
        help_text=_("For a monthly report; in a shorter month it is the last day."),
    )
    at = forms.TimeField(
        label=_("Time"), initial="08:30", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    recipients = forms.ModelMultipleChoiceField(
        label=_("Recipients"),
        queryset=User.objects.none(),
        help_text=_("People without an e-mail address find the file in their messages. It shows what you may see."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.visible_to(person).active().order_by("name", "pk")
        self.fields["recipients"].queryset = people  # type: ignore[attr-defined]

    @staticmethod
    def of(report: ScheduledReport) -> dict[str, Any]:
        """Return a report as the values of the form."""
        named = ("form", "every", "weekday", "day", "at")
        return {
            **{name: getattr(report, name) for name in named},
            "recipients": [person.pk for person in report.recipients.all()],
        }

    @property
    def wanted(self) -> Wanted:
        """What the report is to be."""
        given = self.cleaned_data
        return Wanted(
            form=given["form"],
            every=given["every"],
            weekday=given["weekday"],
            day=given["day"],
            at=given["at"],
            recipients=[person.pk for person in given["recipients"]],
        )


class ReportForm(ReportTermsForm):
    """A report: of which view, as what, when, to whom. It keeps the view it is made of."""

    view = forms.ModelChoiceField(label=_("View"), queryset=SavedView.objects.none())
    field_order = ("view",)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["view"].queryset = views_to_send(person)  # type: ignore[attr-defined]

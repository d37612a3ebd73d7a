"""What is asked about people, on their pages and in the administration."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team, User


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person's facts, team and roles. The password is never entered: a one-time one is given."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = User
        fields = ("name", "staff_no", "username", "mobile", "email", "team")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if self.instance.pk:
            self.fields["roles"].initial = sorted(self.instance.role_names)
        if "username" in self.fields:
            self.fields["username"].required = False
            self.fields["username"].help_text = _("Empty: the staff number.")


class InviteForm(forms.Form):
    """Somebody of the office: who they are, what they do, and whose cards they see."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role, role.label) for role in Role if role != Role.AGENT],
        initial=Role.SUPERVISOR,
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    staff_no = forms.CharField(label=_("Staff number"), max_length=32, help_text=_("The person signs in with it."))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False)
    scopes = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=_("Sees the teams"),
        required=False,
        help_text=_("For supervisors, with all teams below; empty: the own team. The other roles see every team."),
    )
    mobile = forms.RegexField(r"^\+?[0-9]{5,15}$", label=_("Mobile"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("team", "scopes"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
            field.queryset = Team.objects.visible_to(person)

    def clean(self) -> dict[str, Any]:
        """Let a supervisor see something: the teams named, else the own one."""
        given = self.cleaned_data
        if given.get("role") == Role.SUPERVISOR and not given.get("scopes") and not given.get("team"):
            sentence = _("A supervisor without a team sees no card. Choose a team, or make one first.")
            self.add_error("team", forms.ValidationError(sentence, code="supervisor_without_team"))
        return given

    def facts(self) -> dict[str, Any]:
        """Return what was asked, as `create_person` takes it."""
        given = dict(self.cleaned_data)
        role, scopes = Role(given.pop("role")), list(given.pop("scopes"))
        if role == Role.SUPERVISOR:
            scopes = scopes or [given["team"]]
        return {**given, "roles": [role], "scopes": scopes if role == Role.SUPERVISOR else []}

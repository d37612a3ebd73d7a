"""What is asked about people, on their pages and in the administration."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team, User
from cardfleet.accounts.rules import Terms
from cardfleet.accounts.selectors import areas_in_words
from cardfleet.kernel.clock import day_start


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


class OwnerForm(forms.Form):
    """Who answers for a service account."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("Answers for it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        office = User.objects.active().filter(owner=None, groups__name__in=set(Role) - {Role.AGENT})
        field.queryset = office.distinct().order_by("name", "pk")


class ServiceAccountForm(OwnerForm):
    """A program, what it may do, which teams it sees and who answers for it."""

    name = forms.CharField(label=_("Name of the program"), max_length=80)
    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{3,40}$",
        label=_("Short name"),
        help_text=_("Letters, digits and . _ - only, as crm-sync. The journal keeps it."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role, initial=Role.SUPERVISOR)
    scopes = forms.ModelMultipleChoiceField(Team.objects.all(), label=_("Sees the teams"), required=False)
    field_order = ("name", "username", "role", "scopes", "owner")

    def facts(self) -> dict[str, Any]:
        """Return what was asked, as `create_service_account` takes it."""
        given = dict(self.cleaned_data)
        role = Role(given.pop("role"))
        return {**given, "roles": [role]}


class TokenForm(forms.Form):
    """What an API token is for, and for how long."""

    name = forms.CharField(
        label=_("Name of the token"), max_length=80, help_text=_("What will use it, as “dialler in Hangzhou”.")
    )
    writes = forms.BooleanField(
        label=_("May change things"), required=False, help_text=_("Without this it only reads.")
    )
    areas = forms.MultipleChoiceField(
        label=_("Areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: all that your roles allow."),
    )
    networks = forms.CharField(
        label=_("Addresses"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where it is used from, as 203.0.113.7 or 10.0.0.0/24, one a line. Empty: from anywhere."),
    )
    days = forms.IntegerField(label=_("Valid for days"), min_value=1, initial=30)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = {right.partition(".")[0] for right in person.get_all_permissions()}
        areas = [(area, word) for area, word in areas_in_words().items() if person.is_superuser or area in reached]
        self.fields["areas"].choices = areas  # type: ignore[attr-defined]
        self.fields["days"].widget.attrs["max"] = settings.API_TOKEN_MAX_DAYS

    def facts(self) -> dict[str, Any]:
        """Return what was asked, as `issue_token` takes it."""
        given = self.cleaned_data
        networks = tuple(given["networks"].split())
        terms = Terms(writes=given["writes"], areas=frozenset(given["areas"]), networks=networks)
        return {"name": given["name"], "terms": terms, "life": timedelta(days=given["days"])}


class DelegationForm(forms.Form):
    """Who stands in for whom, for which team and days; a supervisor lends only what is their own."""

    giver = forms.ModelChoiceField(User.objects.none(), label=_("Lent by"))
    receiver = forms.ModelChoiceField(User.objects.none(), label=_("Stands in"))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), help_text=_("With all teams below it."))
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("Until the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It ends by itself at the end of this day."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, person: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        supervisors = User.objects.active().filter(groups__name=Role.SUPERVISOR).order_by("name", "pk")
        self.person, grants_for_others = person, person.has_perm("accounts.add_scopegrant")
        for name, found in (("giver", supervisors), ("receiver", supervisors.exclude(pk=person.pk))):
            self._choice(name).queryset = found
        self._choice("team").queryset = Team.objects.visible_to(person).order_by("path")
        self.fields["first"].initial = today
        if not grants_for_others:
            del self.fields["giver"]

    def _choice(self, name: str) -> "forms.ModelChoiceField[Any]":
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        return field

    def facts(self) -> dict[str, Any]:
        """Return what was asked, as `delegate` takes it: whole days of Shanghai."""
        given = dict(self.cleaned_data)
        starts_at: datetime = day_start(given.pop("first"))
        ends_at = day_start(given.pop("last") + timedelta(days=1))
        return {"giver": self.person, **given, "starts_at": starts_at, "ends_at": ends_at}

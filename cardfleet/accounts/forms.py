"""What the administration asks of people."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User


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

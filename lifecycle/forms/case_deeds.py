"""What is done with several cases at once."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from lifecycle.choices import EscalationLevel


class CaseDeedForm(forms.Form):
    """Which cases, ticked or all the list shows, and what: given to somebody, or to a higher level with a reason."""

    pick = forms.TypedMultipleChoiceField(coerce=int, required=False)
    all_found = forms.BooleanField(required=False)
    deed = forms.ChoiceField(choices=[("assign", _("Assign")), ("escalate", _("Escalate"))])
    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), required=False)
    level = forms.ChoiceField(label=_("Escalation"), choices=EscalationLevel.choices, required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        # Any id may be sent; what is not in scope is answered as not there.
        self.fields["pick"].valid_value = lambda value: str(value).isdigit()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what the deed needs."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("deed") == "assign" and not given.get("person"):
            self.add_error("person", _("Choose somebody."))
        if given.get("deed") == "escalate" and not (given.get("level") and given.get("reason", "").strip()):
            self.add_error("reason", _("Say why in a few words."))
        return given

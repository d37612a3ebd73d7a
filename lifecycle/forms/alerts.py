"""What people do about alerts: which, what, until when, by whom, in which words."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from lifecycle.choices import AlertDeed
from lifecycle.rules.handling import SNOOZES, snooze_end
from lifecycle.services.alert_handling import LONGEST_COMMENT, Asked


class DeedForm(forms.Form):
    """One deed with some alerts: those ticked, or all the list shows."""

    pick = forms.TypedMultipleChoiceField(coerce=int, required=False)
    all_found = forms.BooleanField(required=False)
    deed = forms.ChoiceField(choices=AlertDeed.choices)
    rest = forms.ChoiceField(label=_("Rests for"), choices=list(SNOOZES.items()), required=False)
    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), required=False)
    text = forms.CharField(label=_("Comment"), required=False, max_length=LONGEST_COMMENT)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        # Any id may be sent; what is not in scope is answered as not there.
        self.fields["pick"].valid_value = lambda value: str(value).isdigit()  # type: ignore[attr-defined]

    def asked(self, now: datetime) -> Asked:
        """Return the deed of a valid form."""
        given = self.cleaned_data
        return Asked(
            deed=AlertDeed(given["deed"]),
            until=snooze_end(given["rest"], now) if given["rest"] else None,
            person=given["person"],
            text=given["text"],
        )
